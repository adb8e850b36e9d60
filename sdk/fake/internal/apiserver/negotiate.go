package apiserver

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
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
	wire      *wire // nil for a format whose answers are always encoded as a whole
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
			all = append(all, &format{info.MediaType, info, wires[info.MediaType]})
		}
	}
	return all
}

func (f *format) encode(obj runtime.Object, pretty bool) ([]byte, error) {
	var b bytes.Buffer
	err := f.encodeTo(&b, obj, pretty)
	return b.Bytes(), err
}

// encodeTo appends an encoded object, and takes room that an encoder needs beside it from others that are done.
func (f *format) encodeTo(b *bytes.Buffer, obj runtime.Object, pretty bool) error {
	s := f.info.Serializer
	if pretty && f.info.PrettySerializer != nil {
		s = f.info.PrettySerializer
	}
	a, ok := s.(runtime.EncoderWithAllocator)
	if !ok {
		return s.Encode(obj, b)
	}
	memory := runtime.AllocatorPool.Get().(*runtime.Allocator)
	defer runtime.AllocatorPool.Put(memory)
	return a.EncodeWithAllocator(obj, b, memory)
}

// wanted is how a client wants its answer.
type wanted struct {
	format  *format
	as      string // "", "Table", "PartialObjectMetadata", "PartialObjectMetadataList"
	version string // of as: "v1" or "v1beta1"
	pretty  bool
}

// The forms in which an object can be asked for beside its own.
const (
	asTable        = "Table"
	asMetadata     = "PartialObjectMetadata"
	asMetadataList = "PartialObjectMetadataList"
)

// apiVersion is that of the form that is wanted.
func (want wanted) apiVersion() string { return metav1.GroupName + "/" + want.version }

// negotiate picks the first of the media types in Accept that the server has in the form that is asked for; none is JSON.
func negotiate(req *http.Request) (wanted, error) {
	want, ok := negotiateForm(req, knownForm)
	if !ok {
		return wanted{}, notAcceptable(false)
	}
	return want, nil
}

// negotiateStream is negotiate for a watch, which not every format can frame.
func negotiateStream(req *http.Request) (wanted, error) {
	want, err := negotiate(req)
	if err == nil && want.format.info.StreamSerializer == nil {
		err = notAcceptable(true)
	}
	return want, err
}

// negotiatePlain is the format for what has no other form: a Status. It is JSON if there is no agreement.
func negotiatePlain(req *http.Request) *format {
	want, ok := negotiateForm(req, func(_ *format, params map[string]string) bool { return asked(params) == "" })
	if !ok {
		return jsonFormat
	}
	return want.format
}

func negotiateForm(req *http.Request, known func(*format, map[string]string) bool) (wanted, bool) {
	header := req.Header.Get("Accept")
	if header == "" {
		return wanted{format: jsonFormat, pretty: isPretty(req)}, true
	}
	for _, a := range goautoneg.ParseAccept(header) {
		for _, f := range formats {
			if !f.matches(a.Type, a.SubType) || !f.canStream(a.Params["stream"]) || !known(f, a.Params) {
				continue
			}
			return wanted{
				format: f, as: a.Params["as"], version: a.Params["v"], pretty: isPretty(req) || a.Params["pretty"] == "1",
			}, true
		}
	}
	return wanted{}, false
}

// matches says whether a clause of Accept covers the format.
func (f *format) matches(kind, sub string) bool {
	return kind == "*" && sub == "*" || kind == f.info.MediaTypeType && (sub == "*" || sub == f.info.MediaTypeSubType)
}

// canStream says whether the format has what the parameter "stream" asks for.
func (f *format) canStream(stream string) bool {
	return stream == "" || stream == "watch" && f.info.StreamSerializer != nil
}

// asked is the form, with its version, that the parameters of a media type name.
func asked(params map[string]string) string {
	if params["as"] == "" && params["g"] == "" && params["v"] == "" {
		return ""
	}
	return params["g"] + "/" + params["v"] + "/" + params["as"]
}

// knownForm says whether the form asked for exists: a kind of meta.k8s.io in v1 or v1beta1, which are the same. Tables are not
// encoded in protobuf.
func knownForm(f *format, params map[string]string) bool {
	switch asked(params) {
	case "", "meta.k8s.io/v1/" + asMetadata, "meta.k8s.io/v1beta1/" + asMetadata,
		"meta.k8s.io/v1/" + asMetadataList, "meta.k8s.io/v1beta1/" + asMetadataList:
		return true
	case "meta.k8s.io/v1/" + asTable, "meta.k8s.io/v1beta1/" + asTable:
		return f.mediaType != runtime.ContentTypeProtobuf
	}
	return false
}

// notAcceptable is what a handler says that cannot answer as it is asked to.
func notAcceptable(stream bool) error {
	err := status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
		"only the following media types are accepted: "+strings.Join(mediaTypes(stream), ", "))
	err.ErrStatus.Details = nil
	return err
}

func mediaTypes(stream bool) (names []string) {
	for _, f := range formats {
		switch {
		case !stream:
			names = append(names, f.mediaType)
		case f.info.StreamSerializer != nil:
			names = append(names, f.mediaType+";stream=watch")
		}
	}
	return names
}

// checkForms refuses a request whose answer could not be given as asked, before anything is done.
func checkForms(req *http.Request, t target) error {
	if t.subresource != nil && t.subresource.Raw {
		return nil
	}
	if err := checkAccept(req, t); err != nil {
		return err
	}
	_, err := negotiate(req)
	return err
}

// checkAccept refuses a request whose Accept names no media type that its route produces, before anything else is looked at, as
// go-restful does: it knows no other pattern than */*, and no parameters.
func checkAccept(req *http.Request, t target) error {
	header := req.Header.Get("Accept")
	if header == "" {
		return nil
	}
	for _, a := range goautoneg.ParseAccept(header) {
		if a.Type == "*" && a.SubType == "*" || slices.Contains(mediaTypes(false), a.Type+"/"+a.SubType) {
			return nil
		}
	}
	names := mediaTypes(false)
	if t.verb == "list" || t.verb == "watch" {
		names = append(names, mediaTypes(true)...)
	}
	return status(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
		"406: Not Acceptable\n\nAvailable representations: "+strings.Join(names, ", "))
}

// isPretty says whether a human reads: by ?pretty, or, if that is absent, by the client that asks.
func isPretty(req *http.Request) bool {
	if p := req.URL.Query().Get("pretty"); p != "" {
		pretty, _ := strconv.ParseBool(p)
		return pretty
	}
	agent := req.UserAgent()
	for _, human := range []string{"curl", "Wget", "Mozilla/5.0"} {
		if strings.HasPrefix(agent, human) {
			return true
		}
	}
	return false
}
