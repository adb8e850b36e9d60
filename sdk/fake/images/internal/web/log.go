package web

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// Request is what an access log tells of one request.
type Request struct {
	*http.Request
	Client string // its address, without the port
	Status int
	Bytes  int64
	At     time.Time
}

// Logged calls tell after each request, one at a time.
func Logged(h http.Handler, tell func(Request)) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := &meter{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(m, r)
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		mu.Lock()
		defer mu.Unlock()
		tell(Request{r, host, m.status, m.bytes, time.Now()})
	})
}

// meter counts what is answered.
type meter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (m *meter) WriteHeader(status int) {
	m.status = status
	m.ResponseWriter.WriteHeader(status)
}

func (m *meter) Write(b []byte) (int, error) {
	n, err := m.ResponseWriter.Write(b)
	m.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (m *meter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// OrDash is a field of a log, which is a dash when it is empty.
func OrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
