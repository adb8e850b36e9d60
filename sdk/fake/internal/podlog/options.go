package podlog

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var logStreams = []string{corev1.LogStreamAll, corev1.LogStreamStderr, corev1.LogStreamStdout}

// ValidateOptions returns what is wrong with options, with the paths and texts of the API server's
// ValidatePodLogOptions, which serves as kind PodLogOptions in an Invalid status. Nil options are valid.
func ValidateOptions(options *corev1.PodLogOptions) field.ErrorList {
	if options == nil {
		return nil
	}
	var problems field.ErrorList
	if n := options.TailLines; n != nil && *n < 0 {
		problems = append(problems, field.Invalid(field.NewPath("tailLines"), *n, "must be greater than or equal to 0"))
	}
	if n := options.LimitBytes; n != nil && *n < 1 {
		problems = append(problems, field.Invalid(field.NewPath("limitBytes"), *n, "must be greater than 0"))
	}
	switch n := options.SinceSeconds; {
	case n != nil && options.SinceTime != nil:
		problems = append(problems, field.Forbidden(field.NewPath(""), "at most one of `sinceTime` or `sinceSeconds` may be specified"))
	case n != nil && *n < 1:
		problems = append(problems, field.Invalid(field.NewPath("sinceSeconds"), *n, "must be greater than 0"))
	}
	return append(problems, validateStream(options)...)
}

func validateStream(options *corev1.PodLogOptions) (problems field.ErrorList) {
	s := options.Stream
	if s == nil {
		return nil
	}
	if !slices.Contains(logStreams, *s) {
		problems = append(problems, field.NotSupported(field.NewPath("stream"), *s, logStreams))
	}
	if *s != corev1.LogStreamAll && options.TailLines != nil {
		problems = append(problems, field.Forbidden(field.NewPath(""), "`tailLines` and specific `stream` are mutually exclusive for now"))
	}
	return problems
}
