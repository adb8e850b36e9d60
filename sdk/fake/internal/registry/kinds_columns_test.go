package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// TestColumnsOfKinds holds the heads of tables that nobody has recorded against those of pkg/printers/internalversion; columns in
// brackets are wide, the others but for those that say so are strings.
func TestColumnsOfKinds(t *testing.T) {
	for _, tt := range []struct {
		row  *Resource
		want string
	}{
		{PodTemplates, "Name Containers Images Pod Labels"},
		{Endpoints, "Name Endpoints Age"},
		{LimitRanges, "Name Created At:date"},
		{ResourceQuotas, "Name Request Limit Age"},
		{PersistentVolumeClaims, "Name Status Volume Capacity Access Modes StorageClass VolumeAttributesClass Age [VolumeMode]"},
		{PersistentVolumes, "Name Capacity Access Modes Reclaim Policy Status Claim StorageClass VolumeAttributesClass Reason Age [VolumeMode]"},
		{StorageClasses, "Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age"},
		{Leases, "Name Holder Age"},
		{EndpointSlices, "Name AddressType Ports Endpoints Age"},
		{PriorityClasses, "Name Value:integer Global-Default:boolean Age PreemptionPolicy"},
		{PodDisruptionBudgets, "Name Min Available Max Unavailable Allowed Disruptions:integer Age"},
		{Deployments, "Name Ready Up-to-date Available Age [Containers] [Images] [Selector]"},
		{ReplicaSets, "Name Desired:integer Current:integer Ready:integer Age [Containers] [Images] [Selector]"},
		{StatefulSets, "Name Ready Age [Containers] [Images]"},
		{DaemonSets, "Name Desired:integer Current:integer Ready:integer Up-to-date:integer Available:integer Node Selector Age [Containers] [Images] [Selector]"},
		{Jobs, "Name Status Completions Duration Age [Containers] [Images] [Selector]"},
		{CronJobs, "Name Schedule Timezone Suspend:boolean Active:integer Last Schedule Age [Containers] [Images] [Selector]"},
		{HorizontalPodAutoscalers, "Name Reference Targets MinPods MaxPods Replicas Age"},
	} {
		var heads []string
		for _, c := range tt.row.TableColumns() {
			head := c.Name
			if c.Type != "string" {
				head += ":" + c.Type
			}
			if c.Priority == wide {
				head = "[" + head + "]"
			}
			if c.Description == "" {
				t.Errorf("%s: column %s has no description", tt.row.Name, c.Name)
			}
			heads = append(heads, head)
		}
		if diff := cmp.Diff(tt.want, strings.Join(heads, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.row.Name, diff)
		}
	}
}

func TestCellsOfKinds(t *testing.T) {
	named := metav1.ObjectMeta{Name: "a"}
	template := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "c:1"}, {Name: "d", Image: "d:1"}}},
	}
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	const age = cellUnknown // of an object that was never created
	for _, tt := range []struct {
		rule string
		row  *Resource
		obj  store.Object
		want []any
	}{
		{"a template", PodTemplates, &corev1.PodTemplate{ObjectMeta: named, Template: template}, []any{"a", "c,d", "c:1,d:1", "app=web"}},
		{"a template without labels", PodTemplates, &corev1.PodTemplate{ObjectMeta: named}, []any{"a", "", "", "<none>"}},
		{"a quota that nobody counts", ResourceQuotas, &corev1.ResourceQuota{ObjectMeta: named, Spec: corev1.ResourceQuotaSpec{
			Hard: corev1.ResourceList{"pods": resource.MustParse("4")}}}, []any{"a", "", "", age}},
		{"limits stand apart, names in order", ResourceQuotas, &corev1.ResourceQuota{ObjectMeta: named, Status: corev1.ResourceQuotaStatus{
			Hard: corev1.ResourceList{"pods": resource.MustParse("4"), "cpu": resource.MustParse("1"), "limits.cpu": resource.MustParse("2")},
			Used: corev1.ResourceList{"pods": resource.MustParse("3")},
		}}, []any{"a", "cpu: 0/1, pods: 3/4", "limits.cpu: 0/2", age}},
		{"a lease", Leases, &coordinationv1.Lease{ObjectMeta: named, Spec: coordinationv1.LeaseSpec{HolderIdentity: new("me")}}, []any{"a", "me", age}},
		{"a priority", PriorityClasses, &schedulingv1.PriorityClass{ObjectMeta: named, Value: 7, GlobalDefault: true, PreemptionPolicy: new(corev1.PreemptNever)},
			[]any{"a", int64(7), true, age, "Never"}},
		{"a budget has one of two", PodDisruptionBudgets, &policyv1.PodDisruptionBudget{ObjectMeta: named, Spec: policyv1.PodDisruptionBudgetSpec{
			MaxUnavailable: new(intstr.FromString("30%"))}, Status: policyv1.PodDisruptionBudgetStatus{DisruptionsAllowed: 2}},
			[]any{"a", "N/A", "30%", int64(2), age}},
		{"a deployment", Deployments, &appsv1.Deployment{ObjectMeta: named, Spec: appsv1.DeploymentSpec{Replicas: new(int32(3)), Selector: selector, Template: template},
			Status: appsv1.DeploymentStatus{ReadyReplicas: 1, UpdatedReplicas: 2, AvailableReplicas: 1}},
			[]any{"a", "1/3", int64(2), int64(1), age, "c,d", "c:1,d:1", "app=web"}},
		{"a deployment that selects nothing", Deployments, &appsv1.Deployment{ObjectMeta: named}, []any{"a", "0/0", int64(0), int64(0), age, "", "", ""}},
		{"a replica set", ReplicaSets, &appsv1.ReplicaSet{ObjectMeta: named, Spec: appsv1.ReplicaSetSpec{Replicas: new(int32(3)), Template: template}},
			[]any{"a", int64(3), int64(0), int64(0), age, "c,d", "c:1,d:1", "<none>"}},
		{"a stateful set", StatefulSets, &appsv1.StatefulSet{ObjectMeta: named, Spec: appsv1.StatefulSetSpec{Replicas: new(int32(3)), Template: template},
			Status: appsv1.StatefulSetStatus{ReadyReplicas: 2}}, []any{"a", "2/3", age, "c,d", "c:1,d:1"}},
		{"a daemon set", DaemonSets, &appsv1.DaemonSet{ObjectMeta: named, Spec: appsv1.DaemonSetSpec{Selector: selector, Template: template},
			Status: appsv1.DaemonSetStatus{DesiredNumberScheduled: 5, CurrentNumberScheduled: 4, NumberReady: 3, UpdatedNumberScheduled: 2, NumberAvailable: 1}},
			[]any{"a", int64(5), int64(4), int64(3), int64(2), int64(1), "<none>", age, "c,d", "c:1,d:1", "app=web"}},
		{"a cron job", CronJobs, &batchv1.CronJob{ObjectMeta: named, Spec: batchv1.CronJobSpec{Schedule: "@daily", Suspend: new(false)}},
			[]any{"a", "@daily", "<none>", "False", int64(0), "<none>", age, "", "", "<none>"}},
		{"a cron job that may rest", CronJobs, &batchv1.CronJob{ObjectMeta: named, Spec: batchv1.CronJobSpec{Schedule: "@daily", TimeZone: new("Asia/Seoul")}},
			[]any{"a", "@daily", "Asia/Seoul", "<unset>", int64(0), "<none>", age, "", "", "<none>"}},
		{"an autoscaler", HorizontalPodAutoscalers, &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: named, Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{Kind: "Deployment", Name: "web"}, MaxReplicas: 3}},
			[]any{"a", "Deployment/web", "<none>", "<unset>", int64(3), int64(0), age}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.row.TableCells(tt.obj)); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEndpointCells(t *testing.T) {
	addresses := func(ips ...string) (list []corev1.EndpointAddress) {
		for _, ip := range ips {
			list = append(list, corev1.EndpointAddress{IP: ip})
		}
		return list
	}
	for _, tt := range []struct {
		rule    string
		subsets []corev1.EndpointSubset
		want    string
	}{
		{"none", nil, "<none>"},
		{"a subset without addresses", []corev1.EndpointSubset{{Ports: []corev1.EndpointPort{{Port: 80}}}}, ""},
		{"no ports", []corev1.EndpointSubset{{Addresses: addresses("10.0.0.1", "10.0.0.2")}}, "10.0.0.1,10.0.0.2"},
		{"each port of each address", []corev1.EndpointSubset{{Addresses: addresses("10.0.0.1", "fd00::1"), Ports: []corev1.EndpointPort{{Port: 80}}}}, "10.0.0.1:80,[fd00::1]:80"},
		{"more than three", []corev1.EndpointSubset{{Addresses: addresses("10.0.0.1", "10.0.0.2"), Ports: []corev1.EndpointPort{{Port: 80}, {Port: 81}}}, {Addresses: addresses("10.0.0.3")}},
			"10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 2 more..."},
	} {
		if got := endpointsCells(&corev1.Endpoints{Subsets: tt.subsets})[1]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
}

func TestEndpointSliceCells(t *testing.T) {
	for _, tt := range []struct {
		rule             string
		slice            discoveryv1.EndpointSlice
		ports, addresses string
	}{
		{"empty", discoveryv1.EndpointSlice{}, "<unset>", "<unset>"},
		{"ports by number, by name, any", discoveryv1.EndpointSlice{Ports: []discoveryv1.EndpointPort{{Port: new(int32(80)), Name: new("http")}, {Name: new("x")}, {}}}, "80,x,*", "<unset>"},
		{"many", discoveryv1.EndpointSlice{Endpoints: []discoveryv1.Endpoint{{Addresses: []string{"a", "b"}}, {Addresses: []string{"c", "d", "e"}}}}, "<unset>", "a,b,c + 2 more..."},
	} {
		if diff := cmp.Diff([]any{tt.ports, tt.addresses}, endpointSliceCells(&tt.slice)[2:4]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestClaimCells(t *testing.T) {
	bound := corev1.PersistentVolumeClaim{
		Spec: corev1.PersistentVolumeClaimSpec{VolumeName: "v", StorageClassName: new("fast"), VolumeMode: new(corev1.PersistentVolumeBlock)},
		Status: corev1.PersistentVolumeClaimStatus{Phase: "Bound", Capacity: corev1.ResourceList{"storage": resource.MustParse("1Gi")},
			AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteMany", "ReadWriteOnce", "ReadWriteMany"}},
	}
	unbound, going, old := *bound.DeepCopy(), *bound.DeepCopy(), *bound.DeepCopy()
	unbound.Spec = corev1.PersistentVolumeClaimSpec{}
	unbound.Status.Phase = "Pending"
	going.DeletionTimestamp = &metav1.Time{}
	old.Annotations = map[string]string{"volume.beta.kubernetes.io/storage-class": "slow"}
	for _, tt := range []struct {
		rule  string
		claim corev1.PersistentVolumeClaim
		want  []any
	}{
		{"bound", bound, []any{"", "Bound", "v", "1Gi", "RWO,RWX", "fast", "<unset>", "<unknown>", "Block"}},
		{"unbound ones show nothing of a volume", unbound, []any{"", "Pending", "", "", "", "", "<unset>", "<unknown>", "<unset>"}},
		{"on its way out", going, []any{"", "Terminating", "v", "1Gi", "RWO,RWX", "fast", "<unset>", "<unknown>", "Block"}},
		{"the older annotation wins", old, []any{"", "Bound", "v", "1Gi", "RWO,RWX", "slow", "<unset>", "<unknown>", "Block"}},
	} {
		if diff := cmp.Diff(tt.want, claimCells(&tt.claim)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestJobCells(t *testing.T) {
	start := metav1.Unix(1000, 0)
	is := func(conditions ...batchv1.JobConditionType) batchv1.JobStatus {
		var s batchv1.JobStatus
		for _, c := range conditions {
			s.Conditions = append(s.Conditions, batchv1.JobCondition{Type: c, Status: "True"})
		}
		return s
	}
	for _, tt := range []struct {
		rule string
		job  batchv1.Job
		want []any
	}{
		{"new", batchv1.Job{Spec: batchv1.JobSpec{Completions: new(int32(2))}}, []any{"Running", "0/2", ""}},
		{"any of several", batchv1.Job{Spec: batchv1.JobSpec{Parallelism: new(int32(3))}}, []any{"Running", "0/1 of 3", ""}},
		{"any of one", batchv1.Job{Spec: batchv1.JobSpec{Parallelism: new(int32(1))}}, []any{"Running", "0/1", ""}},
		{"done", batchv1.Job{Status: batchv1.JobStatus{
			Conditions: is(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete).Conditions, StartTime: &start, CompletionTime: new(metav1.Unix(1090, 0)), Succeeded: 1,
		}}, []any{"Complete", "1/1", "90s"}},
		{"failed", batchv1.Job{Status: is(batchv1.JobFailureTarget, batchv1.JobFailed)}, []any{"Failed", "0/1", ""}},
		{"going to fail", batchv1.Job{Status: is(batchv1.JobFailureTarget)}, []any{"FailureTarget", "0/1", ""}},
		{"going to be done", batchv1.Job{Status: is(batchv1.JobSuccessCriteriaMet)}, []any{"SuccessCriteriaMet", "0/1", ""}},
		{"resting", batchv1.Job{Status: is(batchv1.JobSuspended)}, []any{"Suspended", "0/1", ""}},
		{"on its way out", batchv1.Job{ObjectMeta: metav1.ObjectMeta{DeletionTimestamp: &start}, Status: is(batchv1.JobSuspended)}, []any{"Terminating", "0/1", ""}},
	} {
		if diff := cmp.Diff(tt.want, jobCells(&tt.job)[1:4]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestMetricsCell(t *testing.T) {
	two, five := new(resource.MustParse("2")), new(resource.MustParse("5"))
	cpu := func(target autoscalingv2.MetricTarget) autoscalingv2.MetricSpec {
		return autoscalingv2.MetricSpec{Type: "Resource", Resource: &autoscalingv2.ResourceMetricSource{Name: "cpu", Target: target}}
	}
	external := func(target autoscalingv2.MetricTarget) autoscalingv2.MetricSpec {
		return autoscalingv2.MetricSpec{Type: "External", External: &autoscalingv2.ExternalMetricSource{Target: target}}
	}
	pods := autoscalingv2.MetricSpec{Type: "Pods", Pods: &autoscalingv2.PodsMetricSource{Target: autoscalingv2.MetricTarget{AverageValue: five}}}
	used := autoscalingv2.MetricStatus{Type: "Resource", Resource: &autoscalingv2.ResourceMetricStatus{
		Current: autoscalingv2.MetricValueStatus{AverageValue: two, AverageUtilization: new(int32(40))},
	}}
	half := autoscalingv2.MetricTarget{AverageUtilization: new(int32(50))}
	for _, tt := range []struct {
		rule  string
		specs []autoscalingv2.MetricSpec
		is    []autoscalingv2.MetricStatus
		want  string
	}{
		{"none", nil, nil, "<none>"},
		{"a share", []autoscalingv2.MetricSpec{cpu(half)}, []autoscalingv2.MetricStatus{used}, "cpu: 40%/50%"},
		{"a share nobody has measured", []autoscalingv2.MetricSpec{cpu(half)}, nil, "cpu: <unknown>/50%"},
		{"a share nobody has named", []autoscalingv2.MetricSpec{cpu(autoscalingv2.MetricTarget{})}, nil, "cpu: <unknown>/<auto>"},
		{"an amount", []autoscalingv2.MetricSpec{cpu(autoscalingv2.MetricTarget{AverageValue: five})}, []autoscalingv2.MetricStatus{used}, "cpu: 2/5"},
		{"something else", []autoscalingv2.MetricSpec{external(autoscalingv2.MetricTarget{Value: five})}, nil, "<unknown>/5"},
		{"on average", []autoscalingv2.MetricSpec{external(autoscalingv2.MetricTarget{AverageValue: five})}, []autoscalingv2.MetricStatus{used}, "<unknown>/5 (avg)"},
		{"of another type", []autoscalingv2.MetricSpec{{Type: "Odd"}}, nil, "<unknown type>"},
		{"of many the first two", []autoscalingv2.MetricSpec{pods, cpu(half), pods, pods}, nil, "<unknown>/5, cpu: <unknown>/50% + 2 more..."},
	} {
		if got := metricsCell(tt.specs, tt.is); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
}

// TestNamesOfKinds holds rows against what kubectl api-resources prints of a real server.
func TestNamesOfKinds(t *testing.T) {
	want := map[string]string{
		"podtemplates": "PodTemplate", "endpoints": "Endpoints ep", "limitranges": "LimitRange limits", "resourcequotas": "ResourceQuota quota",
		"persistentvolumes": "PersistentVolume pv", "storageclasses.storage.k8s.io": "StorageClass sc",
		"persistentvolumeclaims": "PersistentVolumeClaim pvc", "leases.coordination.k8s.io": "Lease", "endpointslices.discovery.k8s.io": "EndpointSlice",
		"priorityclasses.scheduling.k8s.io": "PriorityClass pc", "poddisruptionbudgets.policy": "PodDisruptionBudget pdb", "deployments.apps": "Deployment deploy all",
		"replicasets.apps": "ReplicaSet rs all", "statefulsets.apps": "StatefulSet sts all", "daemonsets.apps": "DaemonSet ds all", "jobs.batch": "Job all",
		"cronjobs.batch": "CronJob cj all", "horizontalpodautoscalers.autoscaling": "HorizontalPodAutoscaler hpa all",
	}
	got := map[string]string{}
	for _, r := range slices.Concat(Core, Grouped) {
		if name := r.GroupResource().String(); want[name] != "" {
			got[name] = strings.Join(slices.Concat([]string{r.Kind}, r.ShortNames, r.Categories), " ")
			if r.Namespaced == slices.Contains([]*Resource{PriorityClasses, PersistentVolumes, StorageClasses}, r) {
				t.Errorf("%s: namespaced is %t", name, r.Namespaced)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}
