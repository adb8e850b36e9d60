package api

import (
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const textOwnersAgain = "API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: "

// DropRepeatedOwners drops owner references that obj has twice, and warns of them, as dedupOwnerReferencesAndAddWarning does with
// the object of a POST or PUT before anything else.
func DropRepeatedOwners(obj store.Object, o WriteOptions) {
	dropRepeatedOwners(obj, o, ".metadata.ownerReferences contains duplicate entries; ")
}

// dropOwnersAfterAdmission is DropRepeatedOwners at its second time, when only a patch can still have any.
func dropOwnersAfterAdmission(obj store.Object, o WriteOptions) {
	dropRepeatedOwners(obj, o, ".metadata.ownerReferences contains duplicate entries after mutating admission happens; ")
}

func dropRepeatedOwners(obj store.Object, o WriteOptions, text string) {
	var kept []metav1.OwnerReference
	var repeated []string
	for _, ref := range obj.GetOwnerReferences() {
		same := func(r metav1.OwnerReference) bool { return equality.Semantic.DeepEqual(r, ref) }
		if slices.ContainsFunc(kept, same) {
			repeated = append(repeated, string(ref.UID))
			continue
		}
		kept = append(kept, ref)
	}
	if repeated == nil {
		return
	}
	obj.SetOwnerReferences(kept)
	if o.Warn != nil {
		o.Warn(text + textOwnersAgain + strings.Join(repeated, ", "))
	}
}
