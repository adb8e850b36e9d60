package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// begin collects before there is a pod: those of the selection are found when they come.
func (t *tour) begin() error {
	var err error
	if t.first, err = talkers("v1").Build(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "logs")
	if err != nil {
		return err
	}
	t.dir = dir
	t.collecting = collect(t.ctx, t.client, sdk.SelectedText("app=talkers"), both{sdk.LogsToDirectory(dir), t.lines})
	if err := t.client.Run(t.ctx, t.first); err != nil {
		return err
	}
	return t.heardOf(3)
}

// heardOf waits until so many pods have written a few lines, and prints it.
func (t *tour) heardOf(pods int) error {
	err := t.lines.wait(t.ctx, func(all map[string]*account) bool {
		enough := 0
		for _, a := range all {
			if a.lines >= 5 {
				enough++
			}
		}
		return enough == pods
	})
	if err == nil {
		fmt.Fprintf(t.out, "pods that were heard of: %d\n", pods)
	}
	return err
}

// restart has a container end, by the signal that it listens to. The log of the new one is another, and the old one is what kubectl logs
// reads with --previous; the collection has read it to its end, and goes on with the new.
func (t *tour) restart() error {
	var list corev1.PodList
	if err := t.client.List(t.ctx, &list, sdk.SelectingText("app=talkers")); err != nil {
		return err
	}
	pod := &list.Items[0]
	if err := t.client.Exec(t.ctx, pod, sdk.ExecOptions{Command: []string{"kill", "-TERM", "1"}}); err != nil {
		return err
	}
	err := t.client.Wait(t.ctx, pod, sdk.Func(func(obj sdk.Object) (bool, error) {
		return obj.(*corev1.Pod).Status.ContainerStatuses[0].RestartCount == 1, nil
	}).Named("a restart"))
	if err != nil {
		return err
	}
	err = t.lines.wait(t.ctx, func(all map[string]*account) bool {
		a := all[pod.Name]
		return a.ended == 1 && a.last >= 5
	})
	if err == nil {
		fmt.Fprintln(t.out, "it was heard to its end, and is heard again")
	}
	return err
}

// rollOut runs the new version beside the old, and then deletes that with its pods.
func (t *tour) rollOut() error {
	var err error
	if t.second, err = talkers("v2").Build(); err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, t.second); err != nil {
		return err
	}
	if err := t.client.Delete(t.ctx, t.first, sdk.Propagation(metav1.DeletePropagationForeground), sdk.AndWait()); err != nil {
		return err
	}
	err = t.lines.wait(t.ctx, func(all map[string]*account) bool {
		ended := 0
		for _, a := range all {
			ended += a.ended
		}
		return ended == 4 // three pods, of which one was started twice
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(t.out, "the old ones were heard to their ends")
	return t.heardOf(6)
}

func (t *tour) end() error {
	report, err := t.collecting.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "logs: %d, gaps: %d, complete: %v\n", len(report.Logs), len(report.Gaps), report.Complete())
	fmt.Fprintf(t.out, "lines that were not in their place: %q\n", t.lines.wrong())
	files, err := filepath.Glob(filepath.Join(t.dir, "*", "*", "main.log"))
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "files NAMESPACE/POD/main.log: %d\n", len(files))
	return nil
}

// lose follows a pod over a network that breaks, and deletes it meanwhile. A node gives no log of a pod that is gone.
func (t *tour) lose() error {
	way, config := &network{}, rest.CopyConfig(t.at.Config)
	config.Wrap(way.wrap)
	client, err := sdk.New(config)
	if err != nil {
		return err
	}
	pod, err := builders.Pod("lone").TerminationGracePeriodSeconds(10).Containers(talker).Build()
	if err != nil {
		return err
	}
	if err := t.client.Run(t.ctx, pod); err != nil {
		return err
	}
	lines := newLedger()
	t.collecting = collect(t.ctx, client, pod, lines)
	err = lines.wait(t.ctx, func(all map[string]*account) bool { return all[pod.Name] != nil && all[pod.Name].lines >= 5 })
	if err != nil {
		return err
	}
	way.cut()
	if err := t.client.Delete(t.ctx, pod, sdk.AndWait()); err != nil {
		return err
	}
	way.mend()
	report, err := t.collecting.wait() // a pod that is gone is the end of it
	if err != nil {
		return err
	}
	for _, gap := range report.Gaps {
		fmt.Fprintf(t.out, "a gap: %s\n", gap.Reason)
	}
	fmt.Fprintf(t.out, "complete: %v\n", report.Complete())
	return nil
}
