// Package crane is the program of the image heejeong/crane, which the examples run: a web server that says which pod
// it is in.
//
// It shows the one thing people get wrong when they bring a program into a test: ports are opened with Process.Listen,
// not with net.Listen, which would open one of the real machine.
package crane

import (
	"context"
	"fmt"
	"net/http"

	"github.com/podwright/podwright/sdk/fake"
)

// Image is the name under which the examples register [Program].
const Image = "heejeong/crane"

// ports are where crane listens. Its descriptor names only the second; a port need not be declared to be reached.
var ports = []string{":8080", ":7070"}

// Program serves HTTP on ports 8080 and 7070 of its pod until it is told to stop.
var Program fake.Program = fake.ProgramFunc(run)

func run(ctx context.Context, p *fake.Process) error {
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(p.Stdout, "%s %s\n", r.Method, r.URL.Path)
		fmt.Fprintf(w, "This is crane in pod %s.\n", p.Hostname())
	})}
	ended := make(chan error, len(ports))
	for _, port := range ports {
		l, err := p.Listen("tcp", port)
		if err != nil {
			return err
		}
		go func() { ended <- server.Serve(l) }()
	}
	fmt.Fprintln(p.Stdout, "crane listens on 8080 and 7070")
	<-ctx.Done()
	fmt.Fprintln(p.Stdout, "crane stops")
	err := server.Shutdown(context.WithoutCancel(ctx))
	for range ports {
		<-ended
	}
	return err
}
