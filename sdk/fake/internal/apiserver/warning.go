package apiserver

import (
	"net/http"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// addWarning sends text in a Warning header (299, miscellaneous persistent warning). One that is no valid UTF-8 is
// not sent.
func addWarning(w http.ResponseWriter, text string) {
	header, err := utilnet.NewWarningHeader(299, "-", text)
	if err != nil {
		return
	}
	w.Header().Add("Warning", header)
}

// warnOnce adds each warning once, since a second attempt at a write says it all again.
func warnOnce(w http.ResponseWriter) func(text string) {
	said := map[string]bool{}
	return func(text string) {
		if !said[text] {
			said[text] = true
			addWarning(w, text)
		}
	}
}
