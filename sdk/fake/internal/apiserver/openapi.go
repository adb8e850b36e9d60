package apiserver

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/munnerz/goautoneg"
	"github.com/podwright/podwright/sdk/fake/internal/openapi"
)

// protobufSchema is the media type of OpenAPI v3 documents in protobuf.
const protobufSchema = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf"

// schemaPage finds the index of schemas and those of each group version, or nil.
func (s *Server) schemaPage(path string) http.HandlerFunc {
	if path == "/openapi/v3" {
		return func(w http.ResponseWriter, req *http.Request) {
			body, hash, err := openapi.Index(s.api.Table)
			writeSchema(w, req, "application/json", body, hash, err)
		}
	}
	gv, ok := strings.CutPrefix(path, "/openapi/v3/")
	if !ok {
		return nil
	}
	return func(w http.ResponseWriter, req *http.Request) {
		if wantsProtobufSchema(req) {
			body, hash, err := openapi.DocumentProtobuf(s.api.Table, gv)
			writeSchema(w, req, protobufSchema, body, hash, err)
			return
		}
		body, hash, err := openapi.Document(s.api.Table, gv)
		writeSchema(w, req, "application/json", body, hash, err)
	}
}

// wantsProtobufSchema says which of the two forms a client names first. JSON is the answer to all others.
func wantsProtobufSchema(req *http.Request) bool {
	for _, a := range goautoneg.ParseAccept(req.Header.Get("Accept")) {
		switch {
		case a.Type == "application" && slices.Contains([]string{"com.github.proto-openapi.spec.v3.v1.0+protobuf", "com.github.proto-openapi.spec.v3@v1.0+protobuf"}, a.SubType):
			return true
		case a.Type == "application" && a.SubType == "json", a.Type == "*":
			return false
		}
	}
	return false
}

func writeSchema(w http.ResponseWriter, req *http.Request, mediaType string, body []byte, hash string, err error) {
	switch {
	case errors.Is(err, openapi.ErrNotServed):
		writeError(w, req, errNoPage)
	case err != nil:
		writeError(w, req, err)
	default:
		writeTagged(w, req, mediaType, body, `"`+hash+`"`)
	}
}
