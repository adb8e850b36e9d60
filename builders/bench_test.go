package builders_test

import (
	"testing"

	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	ac "k8s.io/client-go/applyconfigurations/core/v1"
)

// What is made must escape, as an object that is sent to a server does.
var (
	madePod *corev1.Pod
	madeRC  *corev1.ReplicationController
	applied any
	checked error
)

// A builder makes a real copy at its end and keeps every step reusable, so it costs more than a literal. It must never cost more
// than two and a half times the literal's allocations.
func TestUncheckedAllocatesLittleMoreThanALiteral(t *testing.T) {
	for _, tt := range []struct {
		name               string
		literal, unchecked func()
	}{
		{"pod", func() { madePod = twoContainersLiteral() }, func() { madePod = twoContainers().Unchecked() }},
		{"replicationcontroller", func() { madeRC = chapterLiteral() }, func() { madeRC = chapter().Unchecked() }},
	} {
		literal, unchecked := testing.AllocsPerRun(100, tt.literal), testing.AllocsPerRun(100, tt.unchecked)
		t.Logf("%s: %.0f allocations of a literal, %.0f of a builder", tt.name, literal, unchecked)
		if unchecked > 2.5*literal {
			t.Errorf("%s: a builder allocates %.1f times as often as a literal", tt.name, unchecked/literal)
		}
	}
}

func BenchmarkPod(bench *testing.B) {
	measure(bench, "literal", func() { madePod = twoContainersLiteral() })
	measure(bench, "applyconfiguration", func() { applied = twoContainersApplied() })
	measure(bench, "Unchecked", func() { madePod = twoContainers().Unchecked() })
	measure(bench, "Build", func() { madePod, _ = twoContainers().Build() })
	measure(bench, "validation", func() { checked = types.Check(madePod) })
}

func BenchmarkReplicationController(bench *testing.B) {
	measure(bench, "literal", func() { madeRC = chapterLiteral() })
	measure(bench, "applyconfiguration", func() { applied = chapterApplied() })
	measure(bench, "Unchecked", func() { madeRC = chapter().Unchecked() })
	measure(bench, "Build", func() { madeRC, _ = chapter().Build() })
	measure(bench, "validation", func() { checked = types.Check(madeRC) })
}

// BenchmarkVariant is what builders are for: many objects that differ a little from one.
func BenchmarkVariant(bench *testing.B) {
	base := twoContainers()
	measure(bench, "builder", func() { madePod = base.Name("other").Label("app", "other").Unchecked() })
	literal := twoContainersLiteral()
	measure(bench, "DeepCopy", func() {
		madePod = literal.DeepCopy()
		madePod.Name, madePod.Labels["app"] = "other", "other"
	})
}

func measure(bench *testing.B, name string, run func()) {
	bench.Run(name, func(bench *testing.B) {
		bench.ReportAllocs()
		for bench.Loop() {
			run()
		}
	})
}

func twoContainersApplied() *ac.PodApplyConfiguration {
	return ac.Pod("web", "").
		WithLabels(map[string]string{"app": "web"}).
		WithSpec(ac.PodSpec().
			WithTerminationGracePeriodSeconds(20).
			WithContainers(
				ac.Container().WithName("app").WithImage("nginx:1.27").
					WithPorts(ac.ContainerPort().WithName("http").WithContainerPort(8080)).
					WithEnv(
						ac.EnvVar().WithName("MODE").WithValue("prod"),
						ac.EnvVar().WithName("PASSWORD").WithValueFrom(ac.EnvVarSource().
							WithSecretKeyRef(ac.SecretKeySelector().WithName("db").WithKey("password"))),
					).
					WithResources(ac.ResourceRequirements().
						WithRequests(corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("128Mi")}).
						WithLimits(corev1.ResourceList{"memory": resource.MustParse("256Mi")})).
					WithVolumeMounts(ac.VolumeMount().WithName("cache").WithMountPath("/cache")).
					WithLivenessProbe(ac.Probe().
						WithHTTPGet(ac.HTTPGetAction().WithPath("/healthz").WithPort(intstr.FromString("http"))).
						WithPeriodSeconds(5)),
				ac.Container().WithName("proxy").WithImage("envoyproxy/envoy:v1.31").
					WithArgs("-c", "/etc/envoy/envoy.yaml").
					WithVolumeMounts(ac.VolumeMount().WithName("config").WithMountPath("/etc/envoy").WithReadOnly(true)),
			).
			WithVolumes(
				ac.Volume().WithName("cache").WithEmptyDir(ac.EmptyDirVolumeSource().WithSizeLimit(resource.MustParse("64Mi"))),
				ac.Volume().WithName("config").WithConfigMap(ac.ConfigMapVolumeSource().WithName("envoy")),
			))
}

func chapterApplied() *ac.ReplicationControllerApplyConfiguration {
	return ac.ReplicationController("crane", "").
		WithSpec(ac.ReplicationControllerSpec().
			WithReplicas(1).
			WithSelector(map[string]string{"app": "crane"}).
			WithTemplate(ac.PodTemplateSpec().
				WithLabels(map[string]string{"app": "crane"}).
				WithSpec(ac.PodSpec().WithContainers(ac.Container().WithName("crane").WithImage("heejeong/crane").
					WithImagePullPolicy(corev1.PullAlways).
					WithPorts(ac.ContainerPort().WithContainerPort(7070))))))
}
