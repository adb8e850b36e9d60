package apiserver

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/munnerz/goautoneg"
	"github.com/podwright/podwright/sdk/fake/internal/openapi"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
)

// schemaForms are the two encodings of a schema document. the hash is that of the JSON form.
type schemaForms struct {
	json, protobuf func(*registry.Table) (body []byte, hash string, err error)
	// protobufType is the media type of the second.
	protobufType string
	// hashed: the index names the document by its hash. zipped: it is compressed for who can read that.
	hashed, zipped bool
}

var swagger = schemaForms{json: openapi.V2, protobuf: openapi.V2Protobuf, protobufType: openapi.MediaTypeV2Protobuf, zipped: true}

// schemaPage finds the index of schemas, that of each group version, or the old document of all of them; or nil.
func (s *Server) schemaPage(path string) http.HandlerFunc {
	switch path {
	case "/openapi/v2":
		return s.serveSchema(swagger)
	case "/openapi/v3":
		return s.serveSchema(schemaForms{json: openapi.Index})
	}
	gv, ok := strings.CutPrefix(path, "/openapi/v3/")
	if !ok {
		return nil
	}
	return s.serveSchema(schemaForms{
		json:         func(t *registry.Table) ([]byte, string, error) { return openapi.Document(t, gv) },
		protobuf:     func(t *registry.Table) ([]byte, string, error) { return openapi.DocumentProtobuf(t, gv) },
		protobufType: openapi.MediaTypeProtobuf, hashed: true,
	})
}

// serveSchema answers in the form that a client names first.
func (s *Server) serveSchema(forms schemaForms) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		document, mediaType := forms.choose(req)
		if forms.protobuf != nil {
			w.Header().Set("Vary", "Accept")
		}
		if document == nil {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		body, hash, err := document(s.api.Table)
		switch {
		case errors.Is(err, openapi.ErrNotServed):
			writeError(w, req, errNoPage)
		case err != nil:
			writeError(w, req, err)
		default:
			forms.write(w, req, mediaType, body, hash)
		}
	}
}

// choose finds the form that a client names first, or nil if it takes none. The index has but one.
func (f schemaForms) choose(req *http.Request) (document func(*registry.Table) ([]byte, string, error), mediaType string) {
	accept := req.Header.Get("Accept")
	if f.protobuf == nil || accept == "" {
		return f.json, jsonType
	}
	// Headers cannot say "@", which clients write all the same; servers answer with a dot.
	dotted := strings.Replace(f.protobufType, "@", ".", 1)
	for _, a := range goautoneg.ParseAccept(accept) {
		switch a.Type + "/" + a.SubType {
		case f.protobufType, dotted:
			return f.protobuf, dotted
		case jsonType, "application/*", "*/*":
			return f.json, jsonType
		}
	}
	return nil, ""
}

const jsonType = "application/json"

// write answers a document. One that is asked for by its hash never changes; another hash is out of date, and leads to it.
func (f schemaForms) write(w http.ResponseWriter, req *http.Request, mediaType string, body []byte, hash string) {
	if asked := req.URL.Query().Get("hash"); f.hashed && asked != "" {
		if asked != hash {
			http.Redirect(w, req, req.URL.Path+"?hash="+url.QueryEscape(hash), http.StatusMovedPermanently)
			return
		}
		w.Header().Set("Cache-Control", "public, immutable")
		w.Header().Set("Expires", time.Now().UTC().AddDate(1, 0, 0).Format(time.RFC1123))
	}
	if f.zipped {
		var done func()
		w, done = zipping(w, req)
		defer done()
	}
	writeTagged(w, req, mediaType, body, `"`+hash+`"`)
}
