package apiserver

import (
	"encoding/json"
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/token"
)

// Where others learn how to check the tokens of service accounts.
const (
	openIDPath = "/.well-known/openid-configuration"
	keysPath   = "/openid/v1/jwks"
)

// keysURL is where the keys are said to be: at the address of the control plane, as in minikube.
const keysURL = "https://192.168.49.2:8443" + keysPath

// openIDPage finds the description of the issuer, or its keys.
func (s *Server) openIDPage(path string) http.HandlerFunc {
	switch path {
	case openIDPath:
		return serveOpenID("application/json", func() any {
			return struct {
				Issuer        string   `json:"issuer"`
				KeysURI       string   `json:"jwks_uri"`
				ResponseTypes []string `json:"response_types_supported"`
				SubjectTypes  []string `json:"subject_types_supported"`
				Algorithms    []string `json:"id_token_signing_alg_values_supported"`
			}{token.URL, keysURL, []string{"id_token"}, []string{"public"}, []string{token.Algorithm}}
		})
	case keysPath:
		return serveOpenID("application/jwk-set+json", func() any { return s.issuer.KeySet() })
	}
	return nil
}

func serveOpenID(mediaType string, doc func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		body, err := json.Marshal(doc())
		if err != nil {
			writeError(w, req, err)
			return
		}
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(body)
	}
}
