package check

import "k8s.io/apimachinery/pkg/util/validation/field"

// A Count is a number that a status shows.
type Count struct {
	Name string // of the field
	N    int64
}

// Counts wants all not to be negative.
func (r *Report) Counts(at *field.Path, counts ...Count) {
	for _, c := range counts {
		r.NonNegative(at.Child(c.Name), c.N)
	}
}

// NoMoreThan wants all to be at most as many as there are.
func (r *Report) NoMoreThan(at *field.Path, most int64, detail string, counts ...Count) {
	for _, c := range counts {
		if c.N > most {
			r.Invalid(at.Child(c.Name), c.N, detail)
		}
	}
}

// The details of statuses that count pods.
const (
	MoreThanReplicas = "cannot be greater than status.replicas"
	MoreThanReady    = "cannot be greater than readyReplicas"
)

// NotDecremented wants a count of collisions, which may be missing, not to become less.
func (r *Report) NotDecremented(at *field.Path, n, old *int32) {
	var is int32
	if n != nil {
		is = *n
	}
	if old != nil && is < *old {
		r.Invalid(at, is, "cannot be decremented")
	}
}
