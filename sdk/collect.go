package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// LogSink takes what [Client.Collect] reads: see [LogsTo], [LogsToDirectory] and [LogFunc]. Its methods are called by one goroutine at a
// time, in the order in which the lines come; an error ends the collection. If it is an [io.Closer], it is closed at the end.
type LogSink interface {
	Line(LogLine) error
	// Gap is told where lines may be missing, before the line that follows.
	Gap(*LogGap) error
}

// LogFunc is a [LogSink] of a function that is called with each line. Gaps are in the report only.
type LogFunc func(LogLine) error

// Line calls f.
func (f LogFunc) Line(l LogLine) error { return f(l) }

// Gap does nothing.
func (f LogFunc) Gap(*LogGap) error { return nil }

// LogsTo writes each line to w as "[namespace/pod/container] time text", and a gap as a line of its own that begins with "#". It
// does not close w, and writes once a line: give it a buffer where that is slow.
func LogsTo(w io.Writer) LogSink { return logWriter{w} }

type logWriter struct{ w io.Writer }

func (s logWriter) Line(l LogLine) error {
	_, err := fmt.Fprintf(s.w, "[%s/%s/%s] %s\n", l.Namespace, l.Pod, l.Container, l.stamped())
	return err
}

func (s logWriter) Gap(g *LogGap) error {
	_, err := fmt.Fprintf(s.w, "# %v\n", g)
	return err
}

// stamped is the line as the server sent it, without its time if it had none.
func (l LogLine) stamped() string {
	if l.Time.IsZero() {
		return l.Text
	}
	return l.Time.UTC().Format("2006-01-02T15:04:05.000000000Z") + " " + l.Text
}

// LogsToDirectory writes the lines of each container to dir/namespace/pod/container.log, as "time text", and a gap as a line that
// begins with "#". Directories are made, and files that exist are appended to. One file stays open for each container until
// Collect returns. What was written is in the file at once.
func LogsToDirectory(dir string) LogSink {
	return &logDirectory{dir: dir, files: map[string]*os.File{}}
}

type logDirectory struct {
	dir   string
	files map[string]*os.File
}

func (s *logDirectory) Line(l LogLine) error {
	return s.write(l.Namespace, l.Pod, l.Container, l.stamped())
}

func (s *logDirectory) Gap(g *LogGap) error {
	return s.write(g.Namespace, g.Pod, g.Container, "# "+g.Error())
}

func (s *logDirectory) write(namespace, pod, container, line string) error {
	path := filepath.Join(s.dir, namespace, pod, container+".log")
	file := s.files[path]
	if file == nil {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		var err error
		if file, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err != nil {
			return err
		}
		s.files[path] = file
	}
	_, err := file.WriteString(line + "\n")
	return err
}

// Close closes the files. The directory can be used again.
func (s *logDirectory) Close() error {
	var all []error
	for _, file := range s.files {
		all = append(all, file.Close())
	}
	clear(s.files)
	return errors.Join(all...)
}

// LogReport says what [Client.Collect] has got, and what not.
type LogReport struct {
	// Logs are the containers of which lines came, in the order of their first lines.
	Logs []CollectedLog
	// Gaps are the places where lines may be missing, in the order in which they were found.
	Gaps []*LogGap
	// Errors are those of single logs, such as a container that never started, or a server that could not be reached any more.
	Errors []error
}

// CollectedLog is what was got of one container, or of several one after the other where a pod was made anew by the same name.
type CollectedLog struct {
	Namespace, Pod, Container string
	Lines                     int64
	First, Last               time.Time // of the first and the last line that came
}

// Complete reports whether nothing is known to be missing: there are no gaps and no errors.
func (r *LogReport) Complete() bool { return len(r.Gaps) == 0 && len(r.Errors) == 0 }

// Collect puts all lines that [Client.Logs] gives into a sink, until there are no more. With Follow, of a controller or a
// selection, that is when ctx ends, which is no error then; without, the end of ctx is one.
//
// The report is never nil. The error is nil if every log was read to its end, gaps apart, of which only the report
// and the sink tell; else it wraps the errors of the report, and that of the sink. Several collections may run at a time, each with its own sink.
func (c *Client) Collect(ctx context.Context, target Target, sink LogSink, o LogOptions) (*LogReport, error) {
	report := &LogReport{}
	if sink == nil {
		return report, errors.New("collect logs: no sink given; take LogsTo, LogsToDirectory or a LogFunc")
	}
	err := c.collect(ctx, target, sink, o, report)
	if closer, ok := sink.(io.Closer); ok {
		err = errors.Join(err, closer.Close())
	}
	if err != nil {
		err = fmt.Errorf("collect logs: keep a line: %w", err)
	}
	return report, errors.Join(append(slices.Clone(report.Errors), err)...)
}

// collect returns the sink's error.
func (c *Client) collect(ctx context.Context, target Target, sink LogSink, o LogOptions, report *LogReport) error {
	index := map[LogLine]int{}
	for line, err := range c.Logs(ctx, target, o) {
		var gap *LogGap
		switch {
		case errors.As(err, &gap):
			report.Gaps = append(report.Gaps, gap)
			if err := sink.Gap(gap); err != nil {
				return err
			}
		case err != nil && o.Follow && ctx.Err() != nil && errors.Is(err, ctx.Err()):
		case err != nil:
			report.Errors = append(report.Errors, err)
		default:
			report.add(line, index)
			if err := sink.Line(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// add counts a line. index says where the log of a container is in the report.
func (r *LogReport) add(line LogLine, index map[LogLine]int) {
	key := LogLine{Namespace: line.Namespace, Pod: line.Pod, Container: line.Container}
	i, ok := index[key]
	if !ok {
		i = len(r.Logs)
		index[key] = i
		r.Logs = append(r.Logs, CollectedLog{Namespace: line.Namespace, Pod: line.Pod, Container: line.Container, First: line.Time})
	}
	r.Logs[i].Lines++
	r.Logs[i].Last = line.Time
}
