package apiserver

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/munnerz/goautoneg"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

// format is one of the encodings that objects travel in.
type format struct {
	mediaType string
	info      runtime.SerializerInfo
}

// codecs holds the serializers. They encode what they are given and convert nothing: there is one version a kind, and
// a conversion would write into stored objects. Only their StrictSerializer tells of unknown and duplicate fields.
var codecs = serializer.NewCodecFactory(scheme.Scheme)

// formats are in the order of preference.
var (
	formats    = supportedFormats()
	jsonFormat = formats[0]
)

func supportedFormats() []*format {
	var all []*format
	for _, info := range codecs.SupportedMediaTypes() {
		switch info.MediaType {
		case runtime.ContentTypeJSON, runtime.ContentTypeYAML, runtime.ContentTypeProtobuf:
			all = append(all, &format{info.MediaType, info})
		}
	}
	return all
}

func (f *format) encode(obj runtime.Object, pretty bool) ([]byte, error) {
	s := f.info.Serializer
	if pretty && f.info.PrettySerializer != nil {
		s = f.info.PrettySerializer
	}
	var b bytes.Buffer
	err := s.Encode(obj, &b)
	return b.Bytes(), err
}

// wanted is how a client wants its answer.
type wanted struct {
	format *format
	as     string // "", "Table", "PartialObjectMetadata", "PartialObjectMetadataList"
	pretty bool
}

// The forms in which an object can be asked for beside its own.
const (
	asTable        = "Table"
	asMetadata     = "PartialObjectMetadata"
	asMetadataList = "PartialObjectMetadataList"
)

// negotiate picks the first of the media types in Accept that the server has; none or */* is JSON.
func negotiate(req *http.Request) (wanted, error) {
	header := req.Header.Get("Accept")
	if header == "" {
		return wanted{format: jsonFormat, pretty: isPretty(req)}, nil
	}
	for _, a := range goautoneg.ParseAccept(header) {
		f := formatFor(a.Type + "/" + a.SubType)
		if f == nil || !knownForm(a.Params) {
			continue
		}
		return wanted{format: f, as: a.Params["as"], pretty: isPretty(req) || a.Params["pretty"] == "1"}, nil
	}
	return wanted{}, notAcceptable()
}

func notAcceptable() error {
	var names []string
	for _, f := range formats {
		names = append(names, f.mediaType)
	}
	return status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
		"406: Not Acceptable\n\nAvailable representations: "+strings.Join(names, ", "))
}

func formatFor(mediaType string) *format {
	if mediaType == "*/*" {
		return jsonFormat
	}
	for _, f := range formats {
		if f.mediaType == mediaType {
			return f
		}
	}
	return nil
}

// knownForm says whether as, g and v name a form that exists: the meta.k8s.io kinds in v1 and v1beta1, which are the same.
func knownForm(params map[string]string) bool {
	switch params["as"] {
	case "":
		return true
	case asTable, asMetadata, asMetadataList:
		return params["g"] == metav1.GroupName && (params["v"] == "v1" || params["v"] == "v1beta1")
	}
	return false
}

// isPretty says whether a human reads: by ?pretty, or, if that is absent, by the client that asks.
func isPretty(req *http.Request) bool {
	if p, ok := req.URL.Query()["pretty"]; ok {
		return isTrue(p)
	}
	agent := req.UserAgent()
	for _, human := range []string{"curl", "Wget", "Mozilla/5.0"} {
		if strings.HasPrefix(agent, human) {
			return true
		}
	}
	return false
}
