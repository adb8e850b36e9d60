package workloads

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The limits of indexed jobs: of pods at once and failed indexes, the number of indexes from which they are lower, and what they are then.
const (
	mostAtOnce  = 100_000
	mostFailed  = 100_000
	manyIndexes = 100_000
	manyAtOnce  = 10_000
	manyFailed  = 10_000
)

// completionMode checks what goes with the mode, as validateJobSpec does.
func (r *report) completionMode(at *field.Path, spec *batchv1.JobSpec) {
	if m := spec.CompletionMode; m != nil {
		check.OneOf(&r.Report, at.Child("completionMode"), *m, batchv1.NonIndexedCompletion, batchv1.IndexedCompletion)
	}
	switch {
	case isIndexed(spec):
		r.indexed(at, spec)
	case spec.CompletionMode == nil || *spec.CompletionMode == batchv1.NonIndexedCompletion:
		const detail = "requires indexed completion mode"
		if n := spec.BackoffLimitPerIndex; n != nil {
			r.Invalid(at.Child("backoffLimitPerIndex"), *n, detail)
		}
		if n := spec.MaxFailedIndexes; n != nil {
			r.Invalid(at.Child("maxFailedIndexes"), *n, detail)
		}
	}
}

func (r *report) indexed(at *field.Path, spec *batchv1.JobSpec) {
	n, failed, atOnce := spec.Completions, spec.MaxFailedIndexes, spec.Parallelism
	if n == nil {
		r.Required(at.Child("completions"), "when completion mode is Indexed")
	}
	if atOnce != nil && *atOnce > mostAtOnce {
		r.Invalid(at.Child("parallelism"), *atOnce, fmt.Sprintf("must be less than or equal to %d when completion mode is Indexed", mostAtOnce))
	}
	if n != nil && failed != nil && *failed > *n {
		r.Invalid(at.Child("maxFailedIndexes"), *failed, "must be less than or equal to completions")
	}
	if failed != nil && *failed > mostFailed {
		r.Invalid(at.Child("maxFailedIndexes"), *failed, fmt.Sprintf("must be less than or equal to %d", mostFailed))
	}
	if n != nil && *n > manyIndexes && spec.BackoffLimitPerIndex != nil {
		r.manyIndexed(at, failed, atOnce)
	}
}

func (r *report) manyIndexed(at *field.Path, failed, atOnce *int32) {
	detail := func(most int) string {
		return fmt.Sprintf("must be less than or equal to %d when completions are above %d and used with backoff limit per index", most, manyIndexes)
	}
	if failed == nil {
		r.Required(at.Child("maxFailedIndexes"), fmt.Sprintf("must be specified when completions is above %d", manyIndexes))
	}
	if atOnce != nil && *atOnce > manyAtOnce {
		r.Invalid(at.Child("parallelism"), *atOnce, detail(manyAtOnce))
	}
	if failed != nil && *failed > manyFailed {
		r.Invalid(at.Child("maxFailedIndexes"), *failed, detail(manyFailed))
	}
}

// An interval is the indexes from first to last.
type interval struct{ first, last int32 }

// parseIndexes is validateIndexesFormat: indexes and intervals of them, such as 1,3-5, growing, and below a number. It returns how many
// there are.
func parseIndexes(text string, below int32) (total int32, err error) {
	if text == "" {
		return 0, nil
	}
	previous := int32(-1)
	for i, part := range strings.Split(text, ",") {
		in, err := parseInterval(part, below)
		if err != nil {
			return 0, err
		}
		if i > 0 && previous >= in.first {
			return 0, fmt.Errorf("non-increasing order, previous: %d, current: %d", previous, in.first)
		}
		total += in.last - in.first + 1
		previous = in.last
	}
	return total, nil
}

// parseInterval is parseIndexInterval.
func parseInterval(text string, below int32) (interval, error) {
	limits := strings.Split(text, "-")
	if len(limits) > 2 {
		return interval{}, fmt.Errorf("the fragment %q violates the requirement that an index interval can have at most two parts separated by '-'", text)
	}
	var in [2]int
	for i, limit := range limits {
		n, err := strconv.Atoi(limit)
		if err != nil {
			return interval{}, fmt.Errorf("cannot convert string to integer for index: %q", limit)
		}
		if n >= int(below) {
			return interval{}, fmt.Errorf("too large index: %q", limit)
		}
		in[i] = n
	}
	if len(limits) == 1 {
		in[1] = in[0]
	} else if in[0] >= in[1] {
		return interval{}, fmt.Errorf("non-increasing order, previous: %d, current: %d", in[0], in[1])
	}
	return interval{int32(in[0]), int32(in[1])}, nil
}

// overlap finds an index that stands in both texts, as validateFailedIndexesNotOverlapCompleted does. Intervals that do not parse are
// passed over: they are reported elsewhere.
func overlap(completed, failed string, below int32) error {
	a, b := intervals(completed, below), intervals(failed, below)
	for len(a) > 0 && len(b) > 0 {
		if a[0].first <= b[0].last && b[0].first <= a[0].last {
			return fmt.Errorf("failedIndexes and completedIndexes overlap at index: %d", max(a[0].first, b[0].first))
		}
		if a[0].first <= b[0].first {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return nil
}

func intervals(text string, below int32) (list []interval) {
	if text == "" {
		return nil
	}
	for _, part := range strings.Split(text, ",") {
		if in, err := parseInterval(part, below); err == nil {
			list = append(list, in)
		}
	}
	return list
}
