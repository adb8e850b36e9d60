package agnhost

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/images/internal/web"
)

// netexecServer is one run of netexec.
type netexecServer struct {
	*run
	ctx      context.Context
	port     int
	stopping atomic.Bool // SIGTERM has come
}

// netexec answers HTTP on many paths. Its UDP server is not there, which it says, and for which it is ready all the same.
func netexec(f *flag.FlagSet) func(context.Context, *run) int {
	port := f.Int("http-port", 8080, "HTTP Listen Port")
	certificate := f.String("tls-cert-file", "", "File containing an x509 certificate for HTTPS")
	key := f.String("tls-private-key-file", "", "File containing its private key")
	udp := f.Int("udp-port", 8081, "UDP Listen Port, -1 for none")
	sctp := f.Int("sctp-port", -1, "SCTP Listen Port")
	override := f.String("http-override", "", "path and parameters to answer whatever is asked for")
	f.String("udp-listen-addresses", "", "addresses of the UDP server")
	delay := f.Int("delay-shutdown", 0, "Number of seconds to delay shutdown when receiving SIGTERM")
	return func(ctx context.Context, r *run) int {
		s := &netexecServer{run: r, ctx: ctx, port: *port}
		if *udp != -1 {
			r.log.Printf("no UDP server on port %d: this network has no UDP", *udp)
		}
		if *sctp != -1 {
			return r.fatal("--sctp-port: this network has no SCTP")
		}
		terminated := r.signals(syscall.SIGTERM)
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			s.terminate(ctx, terminated, time.Duration(*delay)*time.Second)
		}()
		defer func() { <-watched }()
		mux := s.routes()
		var h http.Handler = mux
		if *override != "" {
			h = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				other, err := http.NewRequestWithContext(q.Context(), http.MethodGet, *override, nil)
				if err != nil {
					http.Error(w, fmt.Sprintf("override request failed: %v", err), http.StatusInternalServerError)
					return
				}
				mux.ServeHTTP(w, other)
			})
		}
		code := r.serve(ctx, h, *port, *certificate, *key)
		r.exit(code)
		return code
	}
}

// terminate ends the server at SIGTERM, after a while if asked.
func (s *netexecServer) terminate(ctx context.Context, terminated <-chan syscall.Signal, delay time.Duration) {
	select {
	case <-terminated:
	case <-ctx.Done():
		return
	}
	s.stopping.Store(true)
	if delay > 0 {
		s.log.Printf("Sleeping %d seconds before terminating...", int(delay.Seconds()))
		s.Pause(ctx, delay)
	}
	s.exit(0)
}

func (s *netexecServer) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for path, h := range map[string]http.HandlerFunc{
		"/": s.now, "/clientip": s.clientIP, "/serverport": s.serverPort, "/header": s.header, "/dial": s.dial, "/echo": s.echo,
		"/exit": s.exitAt, "/healthz": s.healthz, "/readyz": s.readyz, "/hostname": s.hostname, "/hostName": s.hostname, "/envvar": s.envvar,
		"/redirect": s.redirect, "/shell": s.shell, "/upload": s.upload, "/shutdown": func(http.ResponseWriter, *http.Request) { s.exit(0) },
	} {
		mux.HandleFunc(path, h)
	}
	return mux
}

func (s *netexecServer) now(w http.ResponseWriter, _ *http.Request) {
	s.log.Print("GET /")
	fmt.Fprintf(w, "NOW: %v", time.Now().UTC())
}

func (s *netexecServer) clientIP(w http.ResponseWriter, r *http.Request) {
	s.log.Print("GET /clientip")
	fmt.Fprint(w, r.RemoteAddr)
}

func (s *netexecServer) serverPort(w http.ResponseWriter, _ *http.Request) {
	s.log.Print("GET /serverport")
	fmt.Fprint(w, s.port)
}

func (s *netexecServer) header(w http.ResponseWriter, r *http.Request) {
	key := r.FormValue("key")
	if key != "" {
		s.log.Printf("GET /header?key=%s", key)
		fmt.Fprint(w, r.Header.Get(key))
		return
	}
	s.log.Print("GET /header")
	data, _ := json.Marshal(r.Header)
	_, _ = w.Write(data)
}

func (s *netexecServer) echo(w http.ResponseWriter, r *http.Request) {
	message, code := r.FormValue("msg"), r.FormValue("code")
	s.log.Printf("GET /echo?msg=%s&code=%s", message, code)
	if code != "" {
		n, err := strconv.Atoi(code)
		if err != nil || n < 100 || n > 999 {
			fmt.Fprintf(w, "argument 'code' must be an integer or empty, got %q\n", code)
			return
		}
		w.WriteHeader(n)
	}
	fmt.Fprint(w, message)
}

func (s *netexecServer) exitAt(w http.ResponseWriter, r *http.Request) {
	wait, timeout, code := r.FormValue("wait"), r.FormValue("timeout"), r.FormValue("code")
	s.log.Printf("GET /exit?code=%s&timeout=%s&wait=%s", code, timeout, wait)
	for name, value := range map[string]string{"timeout": timeout, "wait": wait} {
		if _, err := time.ParseDuration(value); err != nil && value != "" {
			fmt.Fprintf(w, "argument '%s' must be a valid golang duration or empty, got %q\n", name, value)
			return
		}
	}
	n, err := strconv.Atoi(code)
	if err != nil && code != "" {
		fmt.Fprintf(w, "argument 'code' must be an integer [0-127] or empty, got %q\n", code)
		return
	}
	d, _ := time.ParseDuration(wait)
	s.Pause(s.ctx, d)
	s.exit(n)
}

func (s *netexecServer) hostname(w http.ResponseWriter, r *http.Request) {
	s.log.Printf("GET %s", r.URL.Path)
	fmt.Fprint(w, s.Hostname())
}

func (s *netexecServer) envvar(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("var")
	if name == "" {
		http.Error(w, "'var' query parameter is required", http.StatusBadRequest)
		return
	}
	s.log.Printf("GET /envvar?var=%s", name)
	for _, pair := range s.Env {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			fmt.Fprint(w, value)
			return
		}
	}
	http.Error(w, fmt.Sprintf("environment variable %q is not set", name), http.StatusInternalServerError)
}

func (s *netexecServer) healthz(w http.ResponseWriter, _ *http.Request) {
	s.log.Print("GET /healthz")
	w.WriteHeader(http.StatusOK)
}

func (s *netexecServer) readyz(w http.ResponseWriter, _ *http.Request) {
	s.log.Print("GET /readyz")
	if s.stopping.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, "shutting down")
		return
	}
	fmt.Fprint(w, "ok")
}

func (s *netexecServer) redirect(w http.ResponseWriter, r *http.Request) {
	location, code := r.FormValue("location"), r.FormValue("code")
	s.log.Printf("%s /redirect?msg=%s&code=%s", r.Method, location, code)
	n := http.StatusFound
	if code != "" {
		var err error
		if n, err = strconv.Atoi(code); err != nil || n < 300 || n > 399 {
			fmt.Fprintf(w, "argument 'code' must be an integer or empty, got %q\n", code)
			return
		}
	}
	http.Redirect(w, r, location, n)
}

// dial asks another server, several times if wanted, and answers what came back.
func (s *netexecServer) dial(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	host, port, request, protocol := q.Get("host"), q.Get("port"), q.Get("request"), q.Get("protocol")
	s.log.Printf("GET /dial?host=%s&protocol=%s&port=%s&request=%s&tries=%s", host, protocol, port, request, q.Get("tries"))
	tries := 1
	if text := q.Get("tries"); text != "" {
		var err error
		if tries, err = strconv.Atoi(text); err != nil {
			http.Error(w, fmt.Sprintf("tries parameter is invalid. %v", err), http.StatusBadRequest)
			return
		}
	}
	switch {
	case request == "":
		http.Error(w, "request parameter not specified. <nil>", http.StatusBadRequest)
		return
	case protocol == "udp" || protocol == "sctp":
		http.Error(w, fmt.Sprintf("unsupported protocol. %s: this network has TCP only", protocol), http.StatusBadRequest)
		return
	case protocol != "" && !strings.EqualFold(protocol, "http"):
		http.Error(w, fmt.Sprintf("unsupported protocol. %s", protocol), http.StatusBadRequest)
		return
	}
	var responses, failures []string
	for range tries {
		response, err := get(r.Context(), s.Proc, fmt.Sprintf("http://%s/%s", net.JoinHostPort(host, port), request))
		if err != nil {
			failures = append(failures, err.Error())
		} else {
			responses = append(responses, response)
		}
	}
	output := map[string][]string{}
	if len(responses) > 0 {
		output["responses"] = responses
	}
	if len(failures) > 0 {
		output["errors"] = failures
	}
	answerJSON(w, output)
}

func answerJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, fmt.Sprintf("response could not be serialized. %v", err), http.StatusExpectationFailed)
		return
	}
	_, _ = w.Write(data)
}

// get asks by HTTP, for five seconds at most.
func get(ctx context.Context, p *unix.Proc, url string) (string, error) {
	client := web.Client(p)
	client.Timeout = 5 * time.Second
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// shell runs a command, and answers what it prints.
func (s *netexecServer) shell(w http.ResponseWriter, r *http.Request) {
	command := r.FormValue("shellCommand")
	if command == "" {
		command = r.FormValue("cmd")
	}
	s.log.Printf("GET /shell?cmd=%s", command)
	read, write := unix.Pipe()
	defer read.Close()
	running, code := s.Launch([]string{"/bin/sh", "-c", command}, [3]*unix.File{nil, write, write})
	write.Close()
	printed, _ := io.ReadAll(read.Reader(s.ctx))
	if running != nil {
		code = running.Wait()
	}
	output := map[string]string{}
	if len(printed) > 0 {
		output["output"] = string(printed)
	}
	if code != 0 {
		output["error"] = fmt.Sprintf("exit status %d", code)
	}
	s.log.Printf("Output: %s", output)
	answerJSON(w, output)
}

// upload writes a file of a form to /uploads.
func (s *netexecServer) upload(w http.ResponseWriter, r *http.Request) {
	s.log.Print("GET /upload")
	fail := func(text string, err error) {
		s.log.Printf("%s %s", text, err)
		answerJSON(w, map[string]string{"error": text})
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		fail("Unable to upload file.", err)
		return
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		fail("Unable to upload file.", err)
		return
	}
	to, err := s.FS().CreateTemp("/uploads", "upload")
	if err != nil {
		fail("Unable to open file for write", err)
		return
	}
	defer to.Close()
	if _, err = to.Write(data); err == nil {
		err = to.Chmod(0o700)
	}
	if err != nil {
		fail("Unable to write file.", err)
		return
	}
	s.log.Printf("Wrote upload to %s", to.Name())
	w.WriteHeader(http.StatusCreated)
	answerJSON(w, map[string]string{"output": to.Name()})
}
