package podfs

import (
	"cmp"
	"errors"
	"maps"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
)

// Projection is what a projected volume is made from. The functions may be nil where no source needs them.
type Projection struct {
	Pod         *corev1.Pod
	DefaultMode *int32
	// FSGroup and FSUser are the pod's fsGroup, and the one user that all its containers run as; nil is none. Either makes
	// tokens private.
	FSGroup, FSUser *int64
	// ConfigMap and Secret get an object of the pod's namespace. For an optional source an error that is
	// apierrors.IsNotFound is an object without keys.
	ConfigMap func(name string) (*corev1.ConfigMap, error)
	Secret    func(name string) (*corev1.Secret, error)
	// Resource tells what a resourceFieldRef is.
	Resource ResourceValue
	// Token makes a token of the pod's service account.
	Token func(*corev1.ServiceAccountTokenProjection) (string, error)
}

// Sources that are not there answer these.
var (
	errNoSource = errors.New("projected volume: a source of this kind is not supported; " +
		"configMap, secret, downwardAPI and serviceAccountToken are")
	errNoLookup = errors.New("projected volume: nothing here can get what the source names")
)

// ProjectedPayload is what a projected volume shows, as projected.collectData does: all sources together, of which the last
// has its way where two have one path. Every source that has a problem is in the error.
func ProjectedPayload(sources []corev1.VolumeProjection, p Projection) (Payload, error) {
	if p.DefaultMode == nil {
		return nil, errNoMode
	}
	all := Payload{}
	var problems []error
	for i := range sources {
		payload, err := p.source(&sources[i])
		if err != nil {
			problems = append(problems, err)
			continue
		}
		maps.Copy(all, payload)
	}
	return all, utilerrors.NewAggregate(problems)
}

func (p *Projection) source(s *corev1.VolumeProjection) (Payload, error) {
	switch {
	case s.Secret != nil:
		return p.secret(s.Secret)
	case s.ConfigMap != nil:
		return p.configMap(s.ConfigMap)
	case s.DownwardAPI != nil:
		return DownwardPayload(p.Pod, s.DownwardAPI.Items, p.DefaultMode, p.Resource)
	case s.ServiceAccountToken != nil:
		return p.token(s.ServiceAccountToken)
	}
	return nil, errNoSource
}

func (p *Projection) secret(s *corev1.SecretProjection) (Payload, error) {
	object, err := get(p.Secret, s.Name, isTrue(s.Optional))
	if err != nil {
		return nil, err
	}
	return SecretPayload(object, s.Items, p.DefaultMode, isTrue(s.Optional))
}

func (p *Projection) configMap(s *corev1.ConfigMapProjection) (Payload, error) {
	object, err := get(p.ConfigMap, s.Name, isTrue(s.Optional))
	if err != nil {
		return nil, err
	}
	return ConfigMapPayload(object, s.Items, p.DefaultMode, isTrue(s.Optional))
}

// get is nil without an error for an optional object that is missing.
func get[T any](from func(string) (*T, error), name string, optional bool) (*T, error) {
	if from == nil {
		return nil, errNoLookup
	}
	object, err := from(name)
	if optional && apierrors.IsNotFound(err) {
		return nil, nil
	}
	return object, err
}

// token is private when somebody is known whose it is: fsGroup adds the right of the group to read it afterwards.
func (p *Projection) token(s *corev1.ServiceAccountTokenProjection) (Payload, error) {
	if p.Token == nil {
		return nil, errNoLookup
	}
	token, err := p.Token(s)
	if err != nil {
		return nil, err
	}
	file := PayloadFile{Data: []byte(token), Mode: fileMode(nil, p.DefaultMode), User: p.FSUser}
	if cmp.Or(p.FSUser, p.FSGroup) != nil {
		file.Mode = 0o600
	}
	return Payload{s.Path: file}, nil
}
