package builders_test

import (
	b "github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Two objects in two spellings, which tests compare and benchmarks measure: a pod of two containers that uses a bit of everything,
// and the ReplicationController of the chapter on pods.

func twoContainers() b.PodBuilder {
	return b.Pod("web").
		Label("app", "web").
		TerminationGracePeriodSeconds(20).
		Containers(
			b.Container("app", "nginx:1.27").
				Port("http", 8080).
				Setenv("MODE", "prod").
				SecretEnv("PASSWORD", "db", "password").
				Request("cpu", "100m").Request("memory", "128Mi").Limit("memory", "256Mi").
				Mount("cache", "/cache").
				LivenessProbe(b.Probe(b.HTTPGetAction("http").Path("/healthz")).PeriodSeconds(5)),
			b.Container("proxy", "envoyproxy/envoy:v1.31").
				Args("-c", "/etc/envoy/envoy.yaml").
				VolumeMounts(b.VolumeMount("config", "/etc/envoy").ReadOnly(true)),
		).
		Volumes(
			b.Volume("cache", b.EmptyDirVolumeSource().SizeLimit("64Mi")),
			b.Volume("config", b.ConfigMapVolumeSource("envoy")),
		)
}

func twoContainersLiteral() *corev1.Pod {
	return &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Labels: map[string]string{"app": "web"}},
		Spec: corev1.PodSpec{
			TerminationGracePeriodSeconds: new(int64(20)),
			Containers: []corev1.Container{
				{
					Name:  "app",
					Image: "nginx:1.27",
					Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
					Env: []corev1.EnvVar{
						{Name: "MODE", Value: "prod"},
						{Name: "PASSWORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
							LocalObjectReference: corev1.LocalObjectReference{Name: "db"},
							Key:                  "password",
						}}},
					},
					Resources: corev1.ResourceRequirements{
						Requests: corev1.ResourceList{
							corev1.ResourceCPU:    resource.MustParse("100m"),
							corev1.ResourceMemory: resource.MustParse("128Mi"),
						},
						Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("256Mi")},
					},
					VolumeMounts: []corev1.VolumeMount{{Name: "cache", MountPath: "/cache"}},
					LivenessProbe: &corev1.Probe{
						ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{
							Path: "/healthz",
							Port: intstr.FromString("http"),
						}},
						PeriodSeconds: 5,
					},
				},
				{
					Name:         "proxy",
					Image:        "envoyproxy/envoy:v1.31",
					Args:         []string{"-c", "/etc/envoy/envoy.yaml"},
					VolumeMounts: []corev1.VolumeMount{{Name: "config", MountPath: "/etc/envoy", ReadOnly: true}},
				},
			},
			Volumes: []corev1.Volume{
				{Name: "cache", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{
					SizeLimit: new(resource.MustParse("64Mi")),
				}}},
				{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
					LocalObjectReference: corev1.LocalObjectReference{Name: "envoy"},
				}}},
			},
		},
	}
}

func chapter() b.ReplicationControllerBuilder {
	return b.ReplicationController("crane").
		Replicas(1).
		Selector("app", "crane").
		Template(b.Pod("").Label("app", "crane").
			Containers(b.Container("crane", "heejeong/crane").ImagePullPolicy(corev1.PullAlways).Ports(b.ContainerPort(7070))))
}

func chapterLiteral() *corev1.ReplicationController {
	return &corev1.ReplicationController{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ReplicationController"},
		ObjectMeta: metav1.ObjectMeta{Name: "crane"},
		Spec: corev1.ReplicationControllerSpec{
			Replicas: new(int32(1)),
			Selector: map[string]string{"app": "crane"},
			Template: &corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "crane"}},
				Spec: corev1.PodSpec{Containers: []corev1.Container{{
					Name:            "crane",
					Image:           "heejeong/crane",
					ImagePullPolicy: corev1.PullAlways,
					Ports:           []corev1.ContainerPort{{ContainerPort: 7070}},
				}}},
			},
		},
	}
}
