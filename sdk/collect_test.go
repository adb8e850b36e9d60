package sdk_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk"
)

func TestCollect(t *testing.T) {
	onScripts(t, func(t *testing.T, c *sdk.Client) {
		ok(t, c.Create(t.Context(), scriptPod("p", corev1.RestartPolicyNever, "1 2", "3")))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		dir, o := t.TempDir(), sdk.LogOptions{Follow: true, AllContainers: true}
		report, err := c.Collect(ctx, sdk.SelectedText("app=script"), sdk.LogsToDirectory(dir), o)
		ok(t, err) // though ctx has ended
		equal(t, "complete", true, report.Complete())
		start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		file := func(name string) string {
			data, err := os.ReadFile(filepath.Join(dir, "default", "p", name))
			ok(t, err)
			return string(data)
		}
		equal(t, "a.log", "2000-01-01T00:00:00.000000000Z 1\n2000-01-01T00:00:01.000000000Z 2\n", file("a.log"))
		equal(t, "b.log", "2000-01-01T00:00:00.000000000Z 3\n", file("b.log"))

		var out strings.Builder
		o.Follow = false
		report, err = c.Collect(t.Context(), sdk.PodNamed("p"), sdk.LogsTo(&out), o)
		ok(t, err)
		equal(t, "text", "[default/p/a] 2000-01-01T00:00:00.000000000Z 1\n[default/p/a] 2000-01-01T00:00:01.000000000Z 2\n[default/p/b] 2000-01-01T00:00:00.000000000Z 3\n", out.String())
		equal(t, "report", &sdk.LogReport{Logs: []sdk.CollectedLog{
			{Namespace: "default", Pod: "p", Container: "a", Lines: 2, First: start, Last: start.Add(time.Second)},
			{Namespace: "default", Pod: "p", Container: "b", Lines: 1, First: start, Last: start},
		}}, report)

		full := errors.New("disk full")
		report, err = c.Collect(t.Context(), sdk.PodNamed("p"), sdk.LogFunc(func(sdk.LogLine) error { return full }), o)
		if !errors.Is(err, full) || len(report.Logs) != 1 {
			t.Errorf("a sink that fails: %v, %+v", err, report)
		}
		report, err = c.Collect(t.Context(), sdk.PodNamed("nobody"), sdk.LogFunc(nil), o)
		if !apierrors.IsNotFound(err) || report.Complete() {
			t.Errorf("no such pod: %v", err)
		}
		_, err = c.Collect(t.Context(), sdk.PodNamed("p"), nil, o)
		says(t, err, "no sink given")
	})
}

func TestCollectReportsGaps(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, c *sdk.Client) {
		s.on("GET "+appPath, object(pod("app", "1", containers("a"))))
		s.on(logPath, parts("2026-01-02T03:04:05Z 1\n", "drop"), text("2026-01-02T03:04:07Z 5\n"))
		var out strings.Builder
		report, err := c.Collect(t.Context(), sdk.PodNamed("app"), sdk.LogsTo(&out), sdk.LogOptions{})
		ok(t, err)
		equal(t, "complete", false, report.Complete())
		equal(t, "gaps", 1, len(report.Gaps))
		lines := strings.Split(out.String(), "\n")
		equal(t, "marked", true, strings.HasPrefix(lines[1], "# logs default/app container a: lines may be missing"))
	})
}
