package podlog

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestValidateOptions(t *testing.T) {
	tests := []struct {
		name    string
		options *corev1.PodLogOptions
		want    []string
	}{
		{"nil", nil, nil},
		{"zero", &corev1.PodLogOptions{}, nil},
		{"the smallest values", &corev1.PodLogOptions{TailLines: new(int64), LimitBytes: new(int64(1)), SinceSeconds: new(int64(1))}, nil},
		{"tailLines", &corev1.PodLogOptions{TailLines: new(int64(-1))}, []string{"tailLines: Invalid value: -1: must be greater than or equal to 0"}},
		{"two at once", &corev1.PodLogOptions{LimitBytes: new(int64), SinceSeconds: new(int64)}, []string{
			"limitBytes: Invalid value: 0: must be greater than 0", "sinceSeconds: Invalid value: 0: must be greater than 0"}},
		{"both bounds", &corev1.PodLogOptions{SinceSeconds: new(int64), SinceTime: &metav1.Time{}}, []string{
			"[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"}},
		{"an unknown stream", &corev1.PodLogOptions{Stream: new("stdout")}, []string{
			`stream: Unsupported value: "stdout": supported values: "All", "Stderr", "Stdout"`}},
		{"stream and tail", &corev1.PodLogOptions{Stream: new("Stdout"), TailLines: new(int64(1))}, []string{
			"[]: Forbidden: `tailLines` and specific `stream` are mutually exclusive for now"}},
		{"all streams and tail", &corev1.PodLogOptions{Stream: new("All"), TailLines: new(int64(1))}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, problem := range ValidateOptions(test.options) {
				got = append(got, problem.Error())
			}
			equal(t, test.want, got)
		})
	}
}
