package sdk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	// Follow goes on with lines as they are written, until the container ends.
	Follow bool
	// Previous reads the instance of the container before the present one.
	Previous bool
	// Tail begins with the last so many lines, for example new(int64(10)); nil begins with the first.
	Tail *int64
	// Since leaves out lines older than that, rounded up to seconds. Only one of Since and SinceTime may be given.
	Since time.Duration
	// SinceTime leaves out lines written before.
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
	// Text is the line without its end.
	Text string
}

// Logs gives the log lines of target: of a pod, or of all pods of a controller or selection that
// are there when the loop begins. The logs of several containers come one after the other, by pod
// name, except with Follow: then as lines arrive, and from all at once.
//
// An error of one log, such as a container that has not started yet, is given with the pod and container it is
// of, and the others go on; an error of ctx, or one before the first log, ends the loop. Leaving the loop
// ends all requests, and no goroutine is left.
func (c *Client) Logs(ctx context.Context, target Target, o LogOptions) iter.Seq2[LogLine, error] {
	return func(yield func(LogLine, error) bool) {
		sources, err := c.logSources(ctx, target, o)
		if err != nil {
			yield(LogLine{}, err)
			return
		}
		slices.SortStableFunc(sources, func(a, b logSource) int { return strings.Compare(a.pod, b.pod) })
		o.Timestamps = true
		if o.Follow && len(sources) > 1 {
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
// ends with ctx, and must be closed.
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
	if o.Since != 0 && !o.SinceTime.IsZero() {
		return nil, errors.New("logs: both Since and SinceTime are given; one is enough")
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

// readLog gives the lines of one log, and its error if it ends in one. It returns what yield did last.
func (c *Client) readLog(ctx context.Context, s logSource, o LogOptions, yield func(LogLine, error) bool) bool {
	line := LogLine{Namespace: s.namespace, Pod: s.pod, Container: s.container}
	stream, err := c.openLog(ctx, s, o)
	if err != nil {
		return yield(line, s.failed(err))
	}
	defer stream.Close()
	in := bufio.NewReader(stream)
	for {
		text, err := in.ReadString('\n')
		if text != "" {
			line.Time, line.Text = splitStamp(strings.TrimSuffix(text, "\n"))
			if !yield(line, nil) {
				return false
			}
		}
		switch {
		case err == io.EOF:
			return true
		case ctx.Err() != nil:
			err = ctx.Err()
		}
		if err != nil {
			line.Time, line.Text = time.Time{}, ""
			return yield(line, s.failed(err))
		}
	}
}

// splitStamp takes the time stamp off a line. A line without one, which a LimitBytes in the midst of
// a stamp leaves, is text as a whole.
func splitStamp(line string) (time.Time, string) {
	stamp, text, ok := strings.Cut(line, " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if !ok || err != nil {
		return time.Time{}, line
	}
	return at, text
}

// mergeLogs reads all sources at once.
func (c *Client) mergeLogs(ctx context.Context, sources []logSource, o LogOptions, yield func(LogLine, error) bool) {
	type item struct {
		line LogLine
		err  error
	}
	inner, cancel := context.WithCancel(ctx)
	items := make(chan item)
	var readers sync.WaitGroup
	for _, s := range sources {
		readers.Go(func() {
			c.readLog(inner, s, o, func(line LogLine, err error) bool {
				select {
				case items <- item{line, err}:
					return true
				case <-inner.Done():
					return false
				}
			})
		})
	}
	go func() { readers.Wait(); close(items) }()
	defer func() { // so that all of them are gone
		cancel()
		for range items {
		}
	}()
	for {
		select {
		case it, ok := <-items:
			if !ok || !yield(it.line, it.err) {
				return
			}
		case <-ctx.Done():
			yield(LogLine{}, fmt.Errorf("logs: %w", ctx.Err()))
			return
		}
	}
}
