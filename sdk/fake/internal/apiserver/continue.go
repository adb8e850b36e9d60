package apiserver

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sort"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// place is where a list goes on: after an object, in the state of a version. It travels as base64 of JSON, opaque to
// clients.
type place struct {
	Version   uint64 `json:"rv"` // 0: whatever is current
	Namespace string `json:"ns,omitempty"`
	Name      string `json:"name"`
}

func token(version uint64, last store.Object) string {
	return place{version, last.GetNamespace(), last.GetName()}.String()
}

func (p place) String() string {
	b, _ := json.Marshal(p) // a struct of strings and numbers always encodes
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseToken(s string) (place, error) {
	var p place
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil || p.Name == "" {
		return p, badRequest("continue key is not valid: %v", err)
	}
	return p, nil
}

// after drops what comes before the place where a list goes on.
func after(objs []store.Object, s string) ([]store.Object, error) {
	p, err := parseToken(s)
	if err != nil {
		return nil, err
	}
	i := sort.Search(len(objs), func(i int) bool {
		ns := objs[i].GetNamespace()
		return ns > p.Namespace || ns == p.Namespace && objs[i].GetName() > p.Name
	})
	return objs[i:], nil
}

// expired is the answer to a list that can no longer go on at its version. It holds a token by which the client may
// go on in the current state instead.
func (s *Server) expired(version uint64, continued string) error {
	if continued == "" {
		return apierrors.NewResourceExpired(fmt.Sprintf("The resourceVersion for the provided list is too old: %d", version))
	}
	err := apierrors.NewResourceExpired("The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
		"the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token " +
		"results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
	if p, parseErr := parseToken(continued); parseErr == nil {
		p.Version = 0
		err.ErrStatus.ListMeta.Continue = p.String()
	}
	return err
}
