package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/podwright/podwright/sdk/internal/intent"
)

// Apply makes the object that obj names, or changes it, so that it is as obj says in every field that obj sets: server-side
// apply. Fields that an Apply of the same [FieldManager] set before and obj does not set are taken away, if nobody else
// owns them. obj is filled with the answer. If it fails, obj is unchanged.
//
// Whoever applies owns every field in what he sends, so say what you mean, not what the server answered: make obj anew
// each time, by hand or by a builder. One that was filled by the server is an error, since all of its defaults would be
// yours. What is left out of obj, and what a typed object cannot say, the documentation of package sdk/apply lists; use
// [Client.ApplyConfiguration] to say it.
//
// A field that another manager set to something else is a Conflict that names both; [Force] takes it over. With
// [Subresource] "status" it is obj's status that is applied, and nothing else.
func (c *Client) Apply(ctx context.Context, obj Object, opts ...ApplyOption) error {
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return doing("apply", k, obj, err)
	}
	o := patchOptionsOf(opts)
	ref := reference{namespace: c.namespaceOf(k, obj.GetNamespace()), name: obj.GetName()}
	said, err := intentOf(k, obj, o)
	if err == nil {
		err = c.apply(ctx, k, ref, said, o, obj)
	}
	if err != nil {
		return failed("apply", k, ref.namespace, ref.name, err)
	}
	return nil
}

// ApplyConfiguration is [Client.Apply] of one of client-go's apply configurations, as package sdk/apply makes them of
// objects, and of anything else that marshals to an object with kind, apiVersion and metadata. It is sent as it is. A
// namespace that it does not name is the client's. into is filled with the answer, and may be nil.
func (c *Client) ApplyConfiguration(ctx context.Context, config runtime.ApplyConfiguration, into Object, opts ...ApplyOption) error {
	said, err := json.Marshal(config)
	if err != nil {
		return fmt.Errorf("apply %T: %w", config, err)
	}
	var names metav1.PartialObjectMetadata
	if err := json.Unmarshal(said, &names); err != nil {
		return fmt.Errorf("apply %T: %w", config, err)
	}
	if names.Kind == "" || names.APIVersion == "" {
		return fmt.Errorf("apply %T: it has no kind or no apiVersion; make it by its constructor, such as client-go's Pod(name, namespace)", config)
	}
	k, err := c.lookup(ctx, names.GroupVersionKind())
	if err != nil {
		return doing("apply", k, config, err)
	}
	ref := reference{namespace: c.namespaceOf(k, names.Namespace), name: names.Name}
	if err := c.apply(ctx, k, ref, json.RawMessage(said), patchOptionsOf(opts), into); err != nil {
		return failed("apply", k, ref.namespace, ref.name, err)
	}
	return nil
}

func (c *Client) apply(ctx context.Context, k kind, ref reference, said any, o patchOptions, into Object) error {
	if c.options.manager == "" {
		return errors.New("whose fields are they? Give New the option FieldManager")
	}
	body, err := json.Marshal(said)
	if err != nil {
		return err
	}
	return c.patch(ctx, k, ref, Patch{sort: types.ApplyPatchType, body: body}, o, into)
}

// intentOf is what obj's author said, as JSON.
func intentOf(k kind, obj Object, o patchOptions) (map[string]any, error) {
	if len(obj.GetManagedFields()) > 0 {
		return nil, errors.New("it is what the server answered, all of which would become yours; make it anew and apply that")
	}
	said, err := intent.Of(obj, intent.ServerSet...)
	if err != nil {
		return nil, err
	}
	if o.subresource == "status" {
		said = map[string]any{"metadata": map[string]any{"name": obj.GetName()}, "status": said["status"]}
	} else {
		delete(said, "status")
	}
	said["apiVersion"], said["kind"] = k.ToAPIVersionAndKind()
	return said, nil
}
