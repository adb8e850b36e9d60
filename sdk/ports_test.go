package sdk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

func podWithPorts() *corev1.Pod {
	return &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Ports: []corev1.ContainerPort{{Name: "dns", ContainerPort: 53, Protocol: corev1.ProtocolUDP}, {ContainerPort: 9}}},
		{Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}}},
	}}}
}

func portOfPod(text string) (uint16, error) { return podPort(text, podWithPorts()) }

func TestParsePort(t *testing.T) {
	tests := []struct {
		spec string
		want portPair
		ok   bool
	}{
		{"8888:8080", portPair{8888, 8080}, true},
		{":8080", portPair{0, 8080}, true},
		{"0:8080", portPair{0, 8080}, true},
		{"8080", portPair{8080, 8080}, true},
		{"http", portPair{8080, 8080}, true},
		{"80:http", portPair{80, 8080}, true},
		{"65535:1", portPair{65535, 1}, true},
		{"80:dns", portPair{}, false},
		{"80:0", portPair{}, false},
		{"65536:1", portPair{}, false},
		{"-1:80", portPair{}, false},
		{"80:", portPair{}, false},
		{"", portPair{}, false},
		{"80:80:80", portPair{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.spec, func(t *testing.T) {
			got, err := parsePort(tt.spec, portOfPod)
			if (err == nil) != tt.ok {
				t.Fatalf("error %v, want none: %v", err, tt.ok)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(portPair{})); tt.ok && diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A port that is accepted is one of the pod's, for all inputs.
func FuzzParsePort(f *testing.F) {
	for _, seed := range []string{"8888:8080", ":http", "80", "a:b", "::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		if got, err := parsePort(spec, portOfPod); err == nil && got.remote == 0 {
			t.Errorf("port %q leads to %v", spec, got)
		}
	})
}

// No line of a log loses text, whatever it begins with.
func FuzzSplitStamp(f *testing.F) {
	for _, seed := range []string{"2026-01-02T03:04:05.000000006Z text", "text", " ", "2026-01-02T03:04:05Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		at, text := splitStamp(line)
		if at.IsZero() && text != line && line[:4] != "0001" {
			t.Errorf("line %q became %q", line, text)
		}
		if len(text) > len(line) || line[len(line)-len(text):] != text {
			t.Errorf("text %q is not the end of line %q", text, line)
		}
	})
}
