package apiserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// errNoPage is the answer to a path outside the API.
var errNoPage = errors.New("404 page not found")

// errPanicked is for a request that is known to make a real server panic.
var errPanicked = errors.New("panic")

// panicText is what WithPanicRecovery answers then.
const panicText = "This request caused apiserver to panic. Look in the logs for details."

var (
	errNoResource = status(http.StatusNotFound, metav1.StatusReasonNotFound, "the server could not find the requested resource")
	errNoMethod   = status(http.StatusMethodNotAllowed, metav1.StatusReasonMethodNotAllowed, "the server does not allow this method on the requested resource")
	errMediaType  = status(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType, "415: Unsupported Media Type")
)

func status(code int32, reason metav1.StatusReason, message string) *apierrors.StatusError {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: code, Reason: reason, Message: message, Details: &metav1.StatusDetails{},
	}}
}

// toStatus turns any error into the Status that is sent. An error that is none is the server's own fault: 500 without
// a reason, as a real server words it.
func toStatus(err error) *metav1.Status {
	var s metav1.Status
	var known apierrors.APIStatus
	if errors.As(err, &known) {
		s = known.Status()
	} else {
		s = metav1.Status{Message: err.Error(), Code: http.StatusInternalServerError}
	}
	s.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	if s.Status == "" {
		s.Status = metav1.StatusFailure
	}
	if s.Code == 0 {
		s.Code = http.StatusInternalServerError
	}
	return &s
}

// writeError answers err in the first format that the client takes as it is, not as a table, else in JSON.
func writeError(w http.ResponseWriter, req *http.Request, err error) {
	switch {
	case errors.Is(err, errNoPage):
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	case errors.Is(err, errPanicked):
		http.Error(w, panicText, http.StatusInternalServerError)
		return
	}
	s := toStatus(err)
	f := negotiatePlain(req)
	if seconds := s.Details; seconds != nil && seconds.RetryAfterSeconds > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(seconds.RetryAfterSeconds))
	}
	body, encodeErr := f.encode(s, false)
	if encodeErr != nil {
		f = jsonFormat
		body, _ = json.Marshal(s) // a Status always encodes
	}
	w.Header().Set("Content-Type", f.mediaType)
	w.WriteHeader(int(s.Code))
	_, _ = w.Write(body)
}
