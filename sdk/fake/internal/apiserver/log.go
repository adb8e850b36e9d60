package apiserver

import (
	"net/http"
	"net/url"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/stream"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// log answers a container's log.
func (s *Server) log(w http.ResponseWriter, req *http.Request, t target) error {
	pod, err := s.pod(t)
	if err != nil {
		return err
	}
	opts, err := logOptions(req.URL.Query())
	if err != nil {
		return badRequest("%v", err)
	}
	if errs := podlog.ValidateOptions(opts); len(errs) > 0 {
		return apierrors.NewInvalid(corev1.SchemeGroupVersion.WithKind("PodLogOptions").GroupKind(), t.name, errs)
	}
	container, err := chooseContainer(pod, opts.Container)
	if err != nil {
		return err
	}
	if pod.Spec.NodeName == "" {
		return stream.ServeLog(w, req, nil, opts)
	}
	node, err := s.nodeOf(pod)
	if err != nil {
		return err
	}
	l, err := node.Logs(t.namespace, t.name, container, opts.Previous)
	if err != nil {
		return err
	}
	return stream.ServeLog(w, req, l, opts)
}

// logParameters reads each query parameter of a log into its option.
var logParameters = []struct {
	name string
	read func(values []string, o *corev1.PodLogOptions) error
}{
	{"container", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_string(&v, &o.Container, nil)
	}},
	{"follow", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_bool(&v, &o.Follow, nil)
	}},
	{"previous", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_bool(&v, &o.Previous, nil)
	}},
	{"timestamps", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_bool(&v, &o.Timestamps, nil)
	}},
	{"sinceSeconds", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_Pointer_int64(&v, &o.SinceSeconds, nil)
	}},
	{"sinceTime", func(v []string, o *corev1.PodLogOptions) error {
		return metav1.Convert_Slice_string_To_Pointer_v1_Time(&v, &o.SinceTime, nil)
	}},
	{"tailLines", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_Pointer_int64(&v, &o.TailLines, nil)
	}},
	{"limitBytes", func(v []string, o *corev1.PodLogOptions) error {
		return runtime.Convert_Slice_string_To_Pointer_int64(&v, &o.LimitBytes, nil)
	}},
	{"stream", func(v []string, o *corev1.PodLogOptions) error {
		if len(v) > 0 {
			o.Stream = &v[0]
		}
		return nil
	}},
}

func logOptions(query url.Values) (*corev1.PodLogOptions, error) {
	o := &corev1.PodLogOptions{}
	for _, p := range logParameters {
		if values, ok := query[p.name]; ok {
			if err := p.read(values, o); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}
