package workloads_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/types"
)

func TestDefaultStatefulSet(t *testing.T) {
	for _, tt := range []struct {
		rule      string
		obj, want appsv1.StatefulSetUpdateStrategy
	}{
		{"a stateful set rolls one by one", appsv1.StatefulSetUpdateStrategy{}, appsv1.StatefulSetUpdateStrategy{
			Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{Partition: new(int32(0)), MaxUnavailable: new(intstr.FromInt32(1))}}},
		{"unless its strategy is named without saying how", appsv1.StatefulSetUpdateStrategy{Type: "RollingUpdate"}, appsv1.StatefulSetUpdateStrategy{Type: "RollingUpdate"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := &appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{UpdateStrategy: tt.obj}}
			types.Default(s)
			equal(t, tt.want, s.Spec.UpdateStrategy)
		})
	}
	claimed := decoded[appsv1.StatefulSet](t, "spec: {volumeClaimTemplates: [{metadata: {name: d}}]}").Spec.VolumeClaimTemplates[0]
	equal(t, "v1 PersistentVolumeClaim Filesystem Pending", claimed.APIVersion+" "+claimed.Kind+" "+string(*claimed.Spec.VolumeMode)+" "+string(claimed.Status.Phase))
}

func TestStatefulSetErrors(t *testing.T) {
	refuses[appsv1.StatefulSet](t, []made{
		{"its name is a label", "metadata: {name: a.b, namespace: b}\nspec: {selector: {matchLabels: {app: a}}, " + pods + "}", []string{
			`metadata.name: Invalid value: "a.b": must not contain dots`}},
		{"its template mounts what its claims name", named + "spec: {selector: {matchLabels: {app: a}}, volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}], template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: c, volumeMounts: [{name: d, mountPath: /d}]}]}}}", nil},
		{"a claim says what it is for", selected + "  volumeClaimTemplates: [{metadata: {name: d}}]", []string{
			"spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required",
			"spec.volumeClaimTemplates[0].spec.resources[storage]: Required value"}},
		{"it knows two ways to make pods", selected + "  podManagementPolicy: Odd", []string{
			`spec.podManagementPolicy: Invalid value: "Odd": must be 'OrderedReady' or 'Parallel'`}},
		{"who updates on deletion does not roll", selected + "  updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}", []string{
			`spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`}},
		{"nothing recreates all", selected + "  updateStrategy: {type: Recreate}", []string{
			`spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'`}},
	})
	refusesChange[appsv1.StatefulSet](t, []changed{
		{"its service stays", selected + "  serviceName: s", "serviceName: s", "serviceName: t", []string{`spec.serviceName: Invalid value: "t": field is immutable`}},
		{"its name for it may be odd, if it was", selected + "  serviceName: S", "app: a}}, spec", "app: a}, annotations: {k: v}}, spec", nil},
		{"its image changes", selected, "image: c", "image: d", nil},
	})
}
