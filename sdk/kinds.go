package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// kind says where the REST API keeps the objects of one kind.
type kind struct {
	schema.GroupVersionKind
	resource   string
	namespaced bool
}

// everyday holds the kinds of core/v1 that need no discovery request. Their places in the API are
// part of its compatibility promise and cannot change.
var everyday = func() map[schema.GroupVersionKind]kind {
	rows := []struct {
		kind, resource string
		namespaced     bool
	}{
		{"ConfigMap", "configmaps", true},
		{"Endpoints", "endpoints", true},
		{"Event", "events", true},
		{"LimitRange", "limitranges", true},
		{"Namespace", "namespaces", false},
		{"Node", "nodes", false},
		{"PersistentVolume", "persistentvolumes", false},
		{"PersistentVolumeClaim", "persistentvolumeclaims", true},
		{"Pod", "pods", true},
		{"PodTemplate", "podtemplates", true},
		{"ReplicationController", "replicationcontrollers", true},
		{"ResourceQuota", "resourcequotas", true},
		{"Secret", "secrets", true},
		{"Service", "services", true},
		{"ServiceAccount", "serviceaccounts", true},
	}
	table := make(map[schema.GroupVersionKind]kind, len(rows))
	for _, row := range rows {
		gvk := schema.GroupVersionKind{Version: "v1", Kind: row.kind}
		table[gvk] = kind{gvk, row.resource, row.namespaced}
	}
	return table
}()

var (
	podKind        = everyday[schema.GroupVersionKind{Version: "v1", Kind: "Pod"}]
	controllerKind = everyday[schema.GroupVersionKind{Version: "v1", Kind: "ReplicationController"}]
)

// kindOf returns the kind of an object.
func (s *shared) kindOf(ctx context.Context, obj runtime.Object) (kind, error) {
	gvk, err := s.gvkOf(obj)
	if err != nil {
		return kind{}, err
	}
	return s.lookup(ctx, gvk)
}

// itemKindOf returns the kind of a list's items.
func (s *shared) itemKindOf(ctx context.Context, list runtime.Object) (kind, error) {
	gvk, err := s.gvkOf(list)
	if err != nil {
		return kind{}, err
	}
	item, ok := strings.CutSuffix(gvk.Kind, "List")
	if !ok || !meta.IsListType(list) {
		return kind{}, fmt.Errorf("%s is not a list; give a pointer to a list type such as corev1.PodList", gvk.Kind)
	}
	return s.lookup(ctx, gvk.GroupVersion().WithKind(item))
}

// lookup finds a kind in the table, else among those learned before, else asks the server.
// Only what the server has is remembered: a kind missing now may be installed later.
func (s *shared) lookup(ctx context.Context, gvk schema.GroupVersionKind) (kind, error) {
	if k, ok := everyday[gvk]; ok {
		return k, nil
	}
	s.mu.Lock()
	k, ok := s.kinds[gvk]
	s.mu.Unlock()
	if ok {
		return k, nil
	}
	found, err := s.discover(ctx, gvk.GroupVersion())
	if err != nil {
		return kind{GroupVersionKind: gvk}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range found {
		s.kinds[k.GroupVersionKind] = k
	}
	if k, ok := s.kinds[gvk]; ok {
		return k, nil
	}
	return kind{GroupVersionKind: gvk}, fmt.Errorf("the server does not have this kind: %w", &meta.NoKindMatchError{GroupKind: gvk.GroupKind(), SearchedVersions: []string{gvk.Version}})
}

// discover asks for the kinds of one group version. None is not an error.
func (s *shared) discover(ctx context.Context, gv schema.GroupVersion) ([]kind, error) {
	client, err := s.restFor(gv)
	if err != nil {
		return nil, err
	}
	request := client.Get().SetHeader("Accept", "application/json")
	if s.config.Timeout > 0 {
		request = request.Timeout(s.config.Timeout)
	}
	result := request.Do(ctx)
	if err := result.Error(); apierrors.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("discover the kinds of %s: %w", gv, err)
	}
	body, _ := result.Raw()
	var list metav1.APIResourceList
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("discover the kinds of %s: %w", gv, err)
	}
	var found []kind
	for _, r := range list.APIResources {
		if !strings.Contains(r.Name, "/") { // the rest are subresources
			found = append(found, kind{gv.WithKind(r.Kind), r.Name, r.Namespaced})
		}
	}
	return found, nil
}
