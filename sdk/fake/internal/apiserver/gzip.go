package apiserver

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// zipping returns a writer that compresses what is answered, if the client can read that; done must be called at the end.
func zipping(w http.ResponseWriter, req *http.Request) (to http.ResponseWriter, done func()) {
	w.Header().Add("Vary", "Accept-Encoding")
	if !acceptsGzip(req) {
		return w, func() {}
	}
	z := &zipped{ResponseWriter: w}
	return z, z.close
}

func acceptsGzip(req *http.Request) bool {
	for part := range strings.SplitSeq(req.Header.Get("Accept-Encoding"), ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" && strings.TrimSpace(quality) != "q=0" {
			return true
		}
	}
	return false
}

// zipped compresses a body, and adds none to an answer without one.
type zipped struct {
	http.ResponseWriter
	body *gzip.Writer
}

func (z *zipped) Write(p []byte) (int, error) {
	if z.body == nil {
		z.Header().Set("Content-Encoding", "gzip")
		z.body, _ = gzip.NewWriterLevel(z.ResponseWriter, gzip.BestSpeed) // a level that exists
	}
	return z.body.Write(p)
}

func (z *zipped) close() {
	if z.body != nil {
		_ = z.body.Close() // fails only with the connection
	}
}
