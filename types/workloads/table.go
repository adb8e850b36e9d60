package workloads

import (
	"github.com/podwright/podwright/types/internal/rules"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	eventsv1 "k8s.io/api/events/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
)

// init is the table: a row a kind.
func init() {
	rules.Register(rules.Kind[*appsv1.Deployment]{
		Default: defaultDeployment, Prepare: prepareDeployment, PrepareUpdate: prepareDeploymentUpdate,
		Errors: deploymentErrors, UpdateErrors: deploymentUpdateErrors, StatusErrors: deploymentStatusErrors,
		Warnings: deploymentWarnings, UpdateWarnings: deploymentUpdateWarnings,
	})
	rules.Register(rules.Kind[*appsv1.ReplicaSet]{
		Default: defaultReplicaSet, Prepare: prepareReplicaSet, PrepareUpdate: prepareReplicaSetUpdate,
		Errors: replicaSetErrors, UpdateErrors: replicaSetUpdateErrors, StatusErrors: replicaSetStatusErrors,
		Warnings: replicaSetWarnings, UpdateWarnings: replicaSetUpdateWarnings,
	})
	rules.Register(rules.Kind[*appsv1.StatefulSet]{
		Default: defaultStatefulSet, Prepare: prepareStatefulSet, PrepareUpdate: prepareStatefulSetUpdate,
		Errors: statefulSetErrors, UpdateErrors: statefulSetUpdateErrors, StatusErrors: statefulSetStatusErrors,
		Warnings: statefulSetWarnings, UpdateWarnings: statefulSetUpdateWarnings,
	})
	rules.Register(rules.Kind[*appsv1.DaemonSet]{
		Default: defaultDaemonSet, Prepare: prepareDaemonSet, PrepareUpdate: prepareDaemonSetUpdate,
		Errors: daemonSetErrors, UpdateErrors: daemonSetUpdateErrors, StatusErrors: daemonSetStatusErrors,
		Warnings: daemonSetWarnings, UpdateWarnings: daemonSetUpdateWarnings,
	})
	rules.Register(rules.Kind[*batchv1.Job]{
		Default: defaultJob, Prepare: prepareJob, PrepareUpdate: prepareJobUpdate,
		Errors: jobErrors, UpdateErrors: jobUpdateErrors, StatusErrors: jobStatusErrors,
		Warnings: jobWarnings, UpdateWarnings: jobUpdateWarnings,
	})
	rules.Register(rules.Kind[*batchv1.CronJob]{
		Default: defaultCronJob, Prepare: prepareCronJob, PrepareUpdate: prepareCronJobUpdate,
		Errors: cronJobErrors, UpdateErrors: cronJobUpdateErrors, StatusErrors: cronJobStatusErrors,
		Warnings: cronJobWarnings, UpdateWarnings: cronJobUpdateWarnings,
	})
	rules.Register(rules.Kind[*autoscalingv2.HorizontalPodAutoscaler]{
		Default: defaultAutoscaler,
		Errors:  autoscalerErrors, UpdateErrors: autoscalerUpdateErrors, StatusErrors: autoscalerStatusErrors,
	})
	rules.Register(rules.Kind[*policyv1.PodDisruptionBudget]{
		Prepare: prepareBudget, PrepareUpdate: prepareBudgetUpdate,
		Errors: budgetErrors, UpdateErrors: budgetUpdateErrors, StatusErrors: budgetStatusErrors,
	})
	rules.Register(rules.Kind[*coordinationv1.Lease]{
		Prepare: prepareLease, PrepareUpdate: prepareLeaseUpdate, Errors: leaseErrors, UpdateErrors: leaseUpdateErrors,
	})
	rules.Register(rules.Kind[*discoveryv1.EndpointSlice]{
		Default: defaultEndpointSlice, Prepare: prepareEndpointSlice, PrepareUpdate: prepareEndpointSliceUpdate,
		Errors: endpointSliceErrors, UpdateErrors: endpointSliceUpdateErrors,
		Warnings: endpointSliceWarnings, UpdateWarnings: endpointSliceUpdateWarnings,
	})
	rules.Register(rules.Kind[*eventsv1.Event]{Errors: eventErrors, UpdateErrors: eventUpdateErrors})
	rules.Register(rules.Kind[*schedulingv1.PriorityClass]{
		Cluster: true, Errors: priorityClassErrors, UpdateErrors: priorityClassUpdateErrors,
	})
}
