package apiserver

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// place is where a list goes on: after an object, in the state of a version. It travels as base64 of JSON, opaque to
// clients but the same as a real server's.
type place struct {
	APIVersion string `json:"v"`
	Version    int64  `json:"rv"` // -1: whatever is current
	// Start is the first key that may follow: that of the last object seen, below what is listed, and a zero byte.
	Start string `json:"start"`
}

const placeVersion = "meta.k8s.io/v1"

// token is the place after last, in a list of one namespace or of all.
func (s selection) token(version uint64, last store.Object) string {
	return place{placeVersion, int64(version), s.key(last) + "\x00"}.String()
}

// key is where an object stands in the list.
func (s selection) key(obj store.Object) string {
	if s.namespace != "" || !s.resource.Namespaced {
		return obj.GetName()
	}
	return obj.GetNamespace() + "/" + obj.GetName()
}

func (p place) String() string {
	b, _ := json.Marshal(p) // a struct of strings and numbers always encodes
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseToken is DecodeContinue.
func parseToken(text string) (place, error) {
	const invalid = "invalid continue token: continue key is not valid"
	var p place
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	switch key := "/" + strings.TrimPrefix(p.Start, "/"); {
	case err != nil:
		return p, badRequest(invalid+": %v", err)
	case p.APIVersion != placeVersion:
		return p, badRequest(invalid+": server does not recognize this encoded version %v", p.APIVersion)
	case p.Version == 0:
		return p, badRequest(invalid + ": incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
	case p.Start == "":
		return p, badRequest(invalid + ": encoded start key empty (version meta.k8s.io/v1)")
	case path.Clean(key) != key:
		return p, badRequest(invalid+": %v", p.Start)
	}
	return p, nil
}

// after drops what comes before the place where a list goes on.
func (s selection) after(editions []*store.Edition, text string) ([]*store.Edition, error) {
	p, err := parseToken(text)
	if err != nil {
		return nil, err
	}
	i := sort.Search(len(editions), func(i int) bool { return s.key(editions[i].Object) >= p.Start })
	return editions[i:], nil
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
		p.Version = -1
		err.ErrStatus.ListMeta.Continue = p.String()
	}
	return err
}
