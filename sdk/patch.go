package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

// Patch is a change of an object, made by [JSONPatch], [MergePatch] or [StrategicMergePatch]. It can be used again, for
// other objects too. The fourth sort of patch that the API knows is [Client.Apply]. The zero Patch is an error when it is
// used.
type Patch struct {
	sort types.PatchType
	body []byte
	err  error
}

// JSONPatch is a list of operations as RFC 6902 has them, all of which are done, or none:
//
//	sdk.JSONPatch(`[{"op": "replace", "path": "/spec/replicas", "value": 3}]`)
//
// It takes JSON as a string or bytes, or what [json.Marshal] makes such a list of. A "test" operation that fails is
// Invalid to the server. What is no list is an error when the patch is used.
func JSONPatch(operations any) Patch { return patchOf(types.JSONPatchType, '[', operations) }

// MergePatch is the part of an object that is to change, as RFC 7386 has it: null takes a member away, and a list takes
// the place of the whole list.
//
//	sdk.MergePatch(map[string]any{"spec": map[string]any{"replicas": 3}})
//
// It takes JSON as a string or bytes, or what [json.Marshal] makes of anything else; of a whole typed object that is more
// than was meant, see [Client.Apply]. What is no JSON object is an error when the patch is used.
func MergePatch(part any) Patch { return patchOf(types.MergePatchType, '{', part) }

// StrategicMergePatch is [MergePatch], but for lists whose items have keys, such as a pod's containers by name: items of
// the patch are merged into those of the same key, or come to them. It is what kubectl patch and kubectl edit send. For
// kinds that come of CustomResourceDefinitions, the server answers UnsupportedMediaType: take MergePatch.
func StrategicMergePatch(part any) Patch { return patchOf(types.StrategicMergePatchType, '{', part) }

// patchOf makes JSON of a change, and checks that it begins as it must.
func patchOf(sort types.PatchType, begins byte, change any) Patch {
	p := Patch{sort: sort}
	switch change := change.(type) {
	case string:
		p.body = []byte(change)
	case []byte:
		p.body = bytes.Clone(change)
	default:
		p.body, p.err = json.Marshal(change)
	}
	if p.err == nil && !json.Valid(p.body) {
		p.err = json.Unmarshal(p.body, new(any)) // says where it is wrong
	}
	if trimmed := bytes.TrimSpace(p.body); p.err == nil && trimmed[0] != begins {
		noun := map[byte]string{'[': "list of operations", '{': "JSON object"}[begins]
		p.err = fmt.Errorf("the patch is no %s: %.40s", noun, trimmed)
	}
	return p
}

// Patch changes the object that obj names, and fills obj with the answer. Of obj only its kind, namespace and name
// count: to change no other than the one you looked at, put its metadata.uid or metadata.resourceVersion into the patch,
// of which the server refuses what does not fit, as Invalid or as Conflict. If it fails, obj is unchanged.
//
// The server makes the change on what is stored when it arrives, so there is nothing to read before, and nothing is
// tried again here.
func (c *Client) Patch(ctx context.Context, obj Object, p Patch, opts ...PatchOption) error {
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return doing("patch", k, obj, err)
	}
	o := patchOptionsOf(opts)
	namespace := c.namespaceOf(k, obj.GetNamespace())
	switch {
	case p.err != nil:
		err = p.err
	case p.sort == "":
		err = errors.New("the patch is empty; make one by JSONPatch, MergePatch or StrategicMergePatch")
	case o.force:
		err = errors.New("Force is for Apply: other patches take fields without asking")
	default:
		err = c.patch(ctx, k, reference{namespace: namespace, name: obj.GetName()}, p, o, obj)
	}
	if err != nil {
		return failed("patch", k, namespace, obj.GetName(), err)
	}
	return nil
}

// patch sends a patch, and fills into with the answer unless it is nil.
func (c *Client) patch(ctx context.Context, k kind, ref reference, p Patch, o patchOptions, into Object) error {
	if err := named(ref.name); err != nil {
		return err
	}
	if o.subresource == "scale" {
		return errors.New("the answer of the subresource scale is an object of another kind; use Scale")
	}
	r, err := c.request(http.MethodPatch, k)
	if err != nil {
		return err
	}
	r = c.managed(r.NamespaceIfScoped(ref.namespace, k.namespaced).Name(ref.name))
	r = o.address(r).SetHeader("Content-Type", string(p.sort)).Body(p.body)
	if into == nil {
		return r.Do(ctx).Error()
	}
	return fill(r.Do(ctx), k.GroupVersionKind, into)
}

// address adds to a request what the options say.
func (o patchOptions) address(r *rest.Request) *rest.Request {
	if o.subresource != "" {
		r = r.SubResource(o.subresource)
	}
	if o.force {
		r = r.Param("force", "true")
	}
	return o.writeOptions.address(r)
}
