package web

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// Style is how a server looks from outside.
type Style struct {
	Server string // its name in headers
	// Page is the body of an answer that is no file, with its content type.
	Page func(status int) (body, kind string)
	// List is the page of a directory without index, or nil where that is forbidden.
	List func(name string, entries []fs.DirEntry) string
	// Types are content types that differ from those that Go knows, by suffix.
	Types map[string]string
}

// Files answers with the files below root.
func Files(p *unix.Proc, root string, s Style) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", s.Server)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			s.Fail(w, http.StatusMethodNotAllowed)
			return
		}
		name := path.Join(root, path.Clean("/"+r.URL.Path))
		info, err := p.FS().Stat(name)
		switch {
		case err != nil:
			s.Fail(w, statusOf(err))
			return
		case info.IsDir() && !strings.HasSuffix(r.URL.Path, "/"):
			w.Header().Set("Location", "http://"+r.Host+r.URL.Path+"/")
			s.Fail(w, http.StatusMovedPermanently)
			return
		case info.IsDir():
			index := path.Join(name, "index.html")
			if info, err = p.FS().Stat(index); err != nil {
				s.directory(w, p, name, r.URL.Path)
				return
			}
			name = index
		}
		s.file(w, r, p, name, info)
	})
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return http.StatusNotFound
	case errors.Is(err, fs.ErrPermission):
		return http.StatusForbidden
	}
	return http.StatusNotFound
}

func (s Style) file(w http.ResponseWriter, r *http.Request, p *unix.Proc, name string, info fs.FileInfo) {
	f, err := p.FS().OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		s.Fail(w, statusOf(err))
		return
	}
	defer f.Close()
	kind, ok := s.Types[path.Ext(name)]
	if !ok {
		kind, _, _ = strings.Cut(mime.TypeByExtension(path.Ext(name)), ";")
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().Unix(), info.Size()))
	http.ServeContent(w, r, name, info.ModTime(), f)
}

func (s Style) directory(w http.ResponseWriter, p *unix.Proc, name, shown string) {
	entries, err := p.FS().ReadDir(name)
	if s.List == nil || err != nil {
		s.Fail(w, http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(s.List(shown, entries)))
}

// Fail answers with a page about a status.
func (s Style) Fail(w http.ResponseWriter, status int) {
	body, kind := s.Page(status)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}
