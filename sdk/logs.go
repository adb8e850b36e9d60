package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
)

// LogOptions says which part of which logs to read. The zero value is all that the node still has of the
// newest log of a pod's only container.
type LogOptions struct {
	// Container is the container to read. A pod with several needs it, or AllContainers: without, the
	// server answers BadRequest and names those there are.
	Container string
	// AllContainers reads every container of the pod: init containers first, ephemeral ones last.
	AllContainers bool
	// Follow goes on with lines as they are written, from before the container starts and through its restarts, until it has
	// ended for good; of a controller or a selection, with the pods that come too, until ctx ends or the loop is left.
	Follow bool
	// Previous reads the instance of the container before the present one. With it, Follow does nothing.
	Previous bool
	// Tail begins with the last so many lines, for example new(int64(10)); nil begins with the first. Of containers and pods
	// that start while following all lines are given.
	Tail *int64
	// ByTime gives the lines of several containers in the order of their times, where they would come one container after the
	// other. All logs are open at a time. With Follow, lines are held back for a second to be put in order: one that arrives
	// later than that comes late.
	ByTime bool
	// Since leaves out lines older than that, rounded up to seconds. Only one of Since and SinceTime may be given.
	Since time.Duration
	// SinceTime leaves out lines written before, by the clock of the node.
	SinceTime time.Time
	// LimitBytes ends the log of each container after so many bytes, time stamps included; 0 does not.
	LimitBytes int64
	// Stream is "Stdout" or "Stderr" to read only one of them, which not all clusters can do; empty is both.
	Stream string
	// Timestamps has LogStream begin each line with its time. Logs gives times always.
	Timestamps bool
}

// LogLine is one line of a container's log.
type LogLine struct {
	Namespace, Pod, Container string
	// Time is when the node got the line; zero if the line as it came did not say.
	Time time.Time
	// Stream is what LogOptions.Stream asked for: of lines of both streams the server does not tell which is which.
	Stream string
	// Text is the line without its end.
	Text string
}

// Logs gives the log lines of target: of a pod, or of all pods of a controller or selection. The logs of several containers
// come one after the other, by pod name; with ByTime by time; with Follow as lines arrive, from all at once.
//
// No line that the server can still give is lost or comes twice: what breaks, ends early or stands still is read on from the last
// line, known by its time and its place among lines of that time. Where that line is not found again, a [LogGap] is given
// as the error of the pod and container, and the loop goes on. A server or node that answers nothing useful for
// a minute, or a quarter of that without Follow, is an error.
//
// With Follow, a pod is followed from before its containers start until they have ended for good or it is deleted; a
// controller or selection until ctx ends, with the pods that come and go, of which there may be none yet. It watches pods, which the
// caller must be allowed to. Of a log that is silent it asks whether the stream has missed something: seconds after the last line, then
// ever more rarely, down to a short read every half minute.
//
// An error of one log, such as a container that has not started yet, is given with the pod and container it is
// of, and the others go on; an error of ctx, or one before the first log, ends the loop. Leaving the loop
// ends all requests, and no goroutine is left. Each range over the result reads anew.
func (c *Client) Logs(ctx context.Context, target Target, o LogOptions) iter.Seq2[LogLine, error] {
	return func(yield func(LogLine, error) bool) {
		if o.Follow && !o.Previous {
			c.followLogs(ctx, target, o, yield)
			return
		}
		sources, err := c.logSources(ctx, target, o)
		if err != nil {
			yield(LogLine{}, err)
			return
		}
		slices.SortStableFunc(sources, func(a, b logSource) int { return strings.Compare(a.pod, b.pod) })
		if o.ByTime && len(sources) > 1 {
			c.mergeLogs(ctx, sources, o, yield)
			return
		}
		for _, s := range sources {
			if !c.readLog(ctx, s, o, yield) || ctx.Err() != nil {
				return
			}
		}
	}
}

// LogStream opens the log of one container as it comes from the server. Of a controller or a
// selection it takes the pod most worth reading: ready, then running, then oldest. The stream
// ends with ctx, and must be closed. It is one request: what breaks stays broken, and a restart ends it. [Client.Logs] goes on.
func (c *Client) LogStream(ctx context.Context, target Target, o LogOptions) (io.ReadCloser, error) {
	if o.AllContainers {
		return nil, errors.New("logs: LogStream reads one container; use Logs for all of them")
	}
	sources, err := c.logSources(ctx, target, o)
	if err != nil {
		return nil, err
	}
	stream, err := c.openLog(ctx, sources[0], o)
	if err != nil {
		return nil, sources[0].failed(err)
	}
	return stream, nil
}

// logSource is one container's log; without container, the server is to choose or refuse.
type logSource struct{ namespace, pod, container string }

func (s logSource) failed(err error) error {
	where := s.namespace + "/" + s.pod
	if s.container != "" {
		where += " container " + s.container
	}
	return fmt.Errorf("logs %s: %w", where, err)
}

// logSources returns the logs to read, at least one.
func (c *Client) logSources(ctx context.Context, target Target, o LogOptions) ([]logSource, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return nil, fmt.Errorf("logs: %w", err)
	}
	pods, err := c.podsOf(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("logs %s: %w", ref, err)
	}
	var sources []logSource
	for i := range pods {
		for _, container := range containersToRead(&pods[i], o) {
			sources = append(sources, logSource{pods[i].Namespace, pods[i].Name, container})
		}
	}
	return sources, nil
}

func (o LogOptions) check() error {
	if o.Since != 0 && !o.SinceTime.IsZero() {
		return errors.New("logs: both Since and SinceTime are given; one is enough")
	}
	return nil
}

func containersToRead(pod *corev1.Pod, o LogOptions) []string {
	switch {
	case o.AllContainers:
		return containerNames(&pod.Spec)
	case o.Container == "" && len(pod.Spec.Containers) == 1:
		return []string{pod.Spec.Containers[0].Name}
	}
	return []string{o.Container}
}

func containerNames(spec *corev1.PodSpec) []string {
	var names []string
	for _, c := range spec.InitContainers {
		names = append(names, c.Name)
	}
	for _, c := range spec.Containers {
		names = append(names, c.Name)
	}
	for _, c := range spec.EphemeralContainers {
		names = append(names, c.Name)
	}
	return names
}

func (c *Client) openLog(ctx context.Context, s logSource, o LogOptions) (io.ReadCloser, error) {
	r, err := c.stream(http.MethodGet, podKind)
	if err != nil {
		return nil, err
	}
	r = r.Namespace(s.namespace).Name(s.pod).SubResource("log")
	return o.params(r, s.container).Stream(ctx)
}

// params puts the options into a request, as PodLogOptions of core/v1.
func (o LogOptions) params(r *rest.Request, container string) *rest.Request {
	set := func(name, value string, given bool) {
		if given {
			r = r.Param(name, value)
		}
	}
	set("container", container, container != "")
	set("follow", "true", o.Follow)
	set("previous", "true", o.Previous)
	set("timestamps", "true", o.Timestamps)
	set("sinceSeconds", strconv.FormatInt(int64((o.Since+time.Second-1)/time.Second), 10), o.Since > 0)
	set("sinceTime", o.SinceTime.UTC().Format(time.RFC3339), !o.SinceTime.IsZero())
	set("limitBytes", strconv.FormatInt(o.LimitBytes, 10), o.LimitBytes != 0)
	set("stream", o.Stream, o.Stream != "")
	if o.Tail != nil {
		set("tailLines", strconv.FormatInt(*o.Tail, 10), true)
	}
	return r
}
