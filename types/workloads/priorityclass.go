package workloads

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// systemPriorities are the classes that may have names that begin as theirs do, IsKnownSystemPriorityClass.
var systemPriorities = map[string]int32{"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}

// mostOfUsers is the highest priority of a class that is not one of these.
const mostOfUsers = 1000000000

// priorityClassErrors is ValidatePriorityClass.
func priorityClassErrors(pc *schedulingv1.PriorityClass) field.ErrorList {
	r := &report{}
	r.Metadata(&pc.ObjectMeta, false, apivalidation.NameIsDNSSubdomain)
	switch {
	case strings.HasPrefix(pc.Name, "system-"):
		if problem := systemClassProblem(pc); problem != "" {
			r.Forbidden(field.NewPath("metadata", "name"), "priority class names with 'system-' prefix are reserved for system use only. error: "+problem)
		}
	case pc.Value > mostOfUsers:
		r.Forbidden(field.NewPath("value"), fmt.Sprintf("maximum allowed value of a user defined priority is %d", mostOfUsers))
	}
	if p := pc.PreemptionPolicy; p != nil {
		check.OneOfOrRequired(&r.Report, field.NewPath("preemptionPolicy"), *p, corev1.PreemptLowerPriority, corev1.PreemptNever)
	}
	return r.Errors
}

func systemClassProblem(pc *schedulingv1.PriorityClass) string {
	switch value, known := systemPriorities[pc.Name]; {
	case !known:
		return pc.Name + " is not a known system priority class"
	case pc.Value != value:
		return fmt.Sprintf("value of %s PriorityClass must be %d", pc.Name, value)
	case pc.GlobalDefault:
		return fmt.Sprintf("globalDefault of %s PriorityClass must be false", pc.Name)
	}
	return ""
}

// priorityClassUpdateErrors is ValidatePriorityClassUpdate: the pods that name the class have its value already.
func priorityClassUpdateErrors(pc, old *schedulingv1.PriorityClass) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&pc.ObjectMeta, &old.ObjectMeta)
	if pc.Value != old.Value {
		r.Forbidden(field.NewPath("value"), "may not be changed in an update.")
	}
	r.Immutable(field.NewPath("preemptionPolicy"), pc.PreemptionPolicy, old.PreemptionPolicy)
	return r.Errors
}
