package apiserver

import (
	"errors"
	"net/http"
	"strings"

	"github.com/munnerz/goautoneg"
	"github.com/podwright/podwright/sdk/fake/internal/openapi"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
)

// schemaForms are the two encodings of a schema document. the hash is that of the JSON form.
type schemaForms struct {
	json, protobuf func(*registry.Table) (body []byte, hash string, err error)
	// protobufType is the media type of the second.
	protobufType string
}

var swagger = schemaForms{openapi.V2, openapi.V2Protobuf, openapi.MediaTypeV2Protobuf}

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
		func(t *registry.Table) ([]byte, string, error) { return openapi.Document(t, gv) },
		func(t *registry.Table) ([]byte, string, error) { return openapi.DocumentProtobuf(t, gv) },
		openapi.MediaTypeProtobuf,
	})
}

// serveSchema answers in protobuf to clients that name it first, and in JSON to all others.
func (s *Server) serveSchema(forms schemaForms) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		document, mediaType := forms.json, "application/json"
		if forms.protobuf != nil && wantsProtobufSchema(req, forms.protobufType) {
			// Headers cannot say "@", which clients write all the same; servers answer with a dot.
			document, mediaType = forms.protobuf, strings.Replace(forms.protobufType, "@", ".", 1)
		}
		body, hash, err := document(s.api.Table)
		switch {
		case errors.Is(err, openapi.ErrNotServed):
			writeError(w, req, errNoPage)
		case err != nil:
			writeError(w, req, err)
		default:
			writeTagged(w, req, mediaType, body, `"`+hash+`"`)
		}
	}
}

// wantsProtobufSchema says whether a client names the protobuf form, in either spelling, before JSON.
func wantsProtobufSchema(req *http.Request, mediaType string) bool {
	for _, a := range goautoneg.ParseAccept(req.Header.Get("Accept")) {
		switch asked := a.Type + "/" + a.SubType; asked {
		case mediaType, strings.Replace(mediaType, "@", ".", 1):
			return true
		case "application/json", "*/*":
			return false
		}
	}
	return false
}
