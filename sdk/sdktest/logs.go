package sdktest

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
)

var logRules = []rule{
	{"logs in order", "Logs gives each line once, in order, with its time, of both outputs", logsInOrder},
	{"logs in part", "Tail, Since and SinceTime leave out what they say, and nothing else", logsInPart},
	{"logs of all containers", "AllContainers reads one after the other, init containers first, and ByTime merges them", logsOfAllContainers},
	{"logs followed to the end", "Follow begins before the container does, and ends when it has ended for good", logsFollowed},
	{"logs through a restart", "Follow goes on through a restart without losing or repeating a line, and Previous reads what was before", logsThroughRestart},
	{"logs of a selection", "Follow of a selection has the pods that come too, each line once", logsOfSelection},
	{"collect", "Collect puts every line into its file, and its report says that nothing is missing", collect},
}

// lines reads logs to their end.
func (t *trial) lines(target sdk.Target, o sdk.LogOptions) []sdk.LogLine {
	t.Helper()
	var lines []sdk.LogLine
	for line, err := range t.Logs(t.ctx, target, o) {
		t.ok(err)
		lines = append(lines, line)
	}
	return lines
}

func textOf(lines []sdk.LogLine) string {
	var texts []string
	for _, l := range lines {
		texts = append(texts, l.Text)
	}
	return strings.Join(texts, " ")
}

// ended makes a pod, and waits until it has succeeded.
func (t *trial) ended(pod *corev1.Pod) *corev1.Pod {
	t.Helper()
	t.ok(t.Create(t.ctx, pod))
	t.ok(t.Wait(t.ctx, pod, sdk.Phase(corev1.PodSucceeded)))
	return pod
}

func logsInOrder(t *trial) {
	pod := t.ended(t.once("a", t.shell("main", "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo $i; done; sleep 1; echo err >&2; sleep 1; echo end")))
	lines := t.lines(pod, sdk.LogOptions{})
	var want []string
	for i := range 1000 {
		want = append(want, fmt.Sprint(i+1))
	}
	t.equal("lines", strings.Join(append(want, "err", "end"), " "), textOf(lines))
	t.equal("in order of their times", true, slices.IsSortedFunc(lines, func(a, b sdk.LogLine) int { return a.Time.Compare(b.Time) }))
	t.equal("where from", sdk.LogLine{Namespace: pod.Namespace, Pod: pod.Name, Container: "main", Time: lines[0].Time, Text: "1"}, lines[0])

	stream, err := t.LogStream(t.ctx, pod, sdk.LogOptions{Tail: new(int64(2))})
	t.ok(err)
	defer stream.Close()
	raw, err := io.ReadAll(stream)
	t.ok(err)
	t.equal("the plain log", "err\nend\n", string(raw))
}

func logsInPart(t *trial) {
	pod := t.ended(t.once("a", t.shell("main", "echo 1; echo 2; sleep 3; echo 3; echo 4")))
	all := t.lines(pod, sdk.LogOptions{})
	t.equal("all", "1 2 3 4", textOf(all))
	for _, row := range []struct {
		what string
		o    sdk.LogOptions
		want string
	}{
		{"the last", sdk.LogOptions{Tail: new(int64(1))}, "4"},
		{"the last of none", sdk.LogOptions{Tail: new(int64(0))}, ""},
		{"more than there are", sdk.LogOptions{Tail: new(int64(9))}, "1 2 3 4"},
		{"since a moment", sdk.LogOptions{SinceTime: all[2].Time.Truncate(time.Second)}, "3 4"},
		{"since the future", sdk.LogOptions{SinceTime: all[3].Time.Add(time.Hour)}, ""},
		{"of the last hour", sdk.LogOptions{Since: time.Hour}, "1 2 3 4"},
		{"since a moment, the last", sdk.LogOptions{SinceTime: all[2].Time.Truncate(time.Second), Tail: new(int64(1))}, "4"},
	} {
		t.equal(row.what, row.want, textOf(t.lines(pod, row.o)))
	}
}

func logsOfAllContainers(t *trial) {
	pod := t.once("a", t.shell("one", "echo b; sleep 2; echo d"), t.shell("two", "sleep 1; echo c"))
	pod.Spec.InitContainers = []corev1.Container{t.shell("first", "echo a")}
	t.ended(pod)
	t.equal("one after the other", "a b d c", textOf(t.lines(pod, sdk.LogOptions{AllContainers: true})))
	t.equal("by time", "a b c d", textOf(t.lines(pod, sdk.LogOptions{AllContainers: true, ByTime: true})))
	t.equal("of one", "c", textOf(t.lines(pod, sdk.LogOptions{Container: "two"})))
	for _, err := range t.Logs(t.ctx, pod, sdk.LogOptions{}) {
		t.says(err, "a container name must be specified")
	}
}

func logsFollowed(t *trial) {
	pod := t.once("a", t.shell("main", "for i in 1 2 3 4; do echo $i; sleep 0.5; done"))
	pod.Spec.InitContainers = []corev1.Container{t.shell("first", "sleep 1")}
	t.ok(t.Create(t.ctx, pod))
	t.equal("lines", "1 2 3 4", textOf(t.lines(pod, sdk.LogOptions{Follow: true})))
}

func logsThroughRestart(t *trial) {
	pod := t.pod("a", t.shell("main", "if [ -e /state/once ]; then echo second; "+strings.TrimSpace(idle)+"; fi; touch /state/once; echo first; sleep 1; exit 1"))
	pod.Spec.Volumes = []corev1.Volume{{Name: "state", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	pod.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "state", MountPath: "/state"}}
	t.ok(t.Create(t.ctx, pod))
	var got []sdk.LogLine
	for line, err := range t.Logs(t.ctx, pod, sdk.LogOptions{Follow: true}) {
		t.ok(err)
		if got = append(got, line); line.Text == "second" {
			break
		}
	}
	t.equal("followed", "first second", textOf(got))
	t.equal("now", "second", textOf(t.lines(pod, sdk.LogOptions{})))
	t.equal("before", "first", textOf(t.lines(pod, sdk.LogOptions{Previous: true})))
}

func logsOfSelection(t *trial) {
	rc := t.controller("rc", 1, t.pod("", t.shell("main", "echo hello from $HOSTNAME"+idle)))
	t.ok(t.Create(t.ctx, rc))
	seen := map[string]int{}
	for line, err := range t.Logs(t.ctx, sdk.SelectedText(t.selector()), sdk.LogOptions{Follow: true}) {
		t.ok(err)
		t.equal("line", "hello from "+line.Pod, line.Text)
		if seen[line.Pod]++; len(seen) == 1 {
			t.ok(t.Scale(t.ctx, rc, 3))
		}
		if len(seen) == 3 {
			break
		}
	}
	for pod, lines := range seen {
		t.equal("lines of "+pod, 1, lines)
	}
}

func collect(t *trial) {
	want := map[string]string{}
	for _, name := range []string{"a", "b", "c"} {
		pod := t.ended(t.once(name, t.shell("main", "echo 1 of "+name+"; echo 2 of "+name)))
		want[pod.Name] = "1 of " + name + "\n2 of " + name + "\n"
	}
	dir := t.TempDir()
	report, err := t.Collect(t.ctx, sdk.SelectedText(t.selector()), sdk.LogsToDirectory(dir), sdk.LogOptions{})
	t.ok(err)
	t.equal("complete", true, report.Complete())
	t.equal("logs", 3, len(report.Logs))
	for _, log := range report.Logs {
		text, err := os.ReadFile(filepath.Join(dir, log.Namespace, log.Pod, log.Container+".log"))
		t.ok(err)
		var got strings.Builder
		for line := range strings.Lines(string(text)) {
			_, rest, _ := strings.Cut(line, " ") // after the time
			got.WriteString(rest)
		}
		t.equal("log of "+log.Pod, want[log.Pod], got.String())
	}
}
