package conformance

import (
	"context"
	"fmt"
	"net/http"

	"github.com/podwright/podwright/sdk/fake"
)

// crane is the chapter's program: a web server on two ports that logs what it is asked.
func crane(ctx context.Context, p *fake.Process) error {
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(p.Stdout, r.Method, r.URL.Path)
		fmt.Fprintln(w, "this is", p.Hostname())
	})}
	for _, port := range []string{":8080", ":7070"} {
		l, err := p.Listen("tcp", port)
		if err != nil {
			return err
		}
		go server.Serve(l)
	}
	fmt.Fprintln(p.Stdout, "crane is up")
	<-ctx.Done()
	return server.Close()
}
