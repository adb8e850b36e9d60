package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

// Delete asks for the end of the object that obj names. Where obj has a UID, only that very object is
// meant: another that has taken its name is left alone and the answer is Conflict.
//
// A pod is not gone when Delete returns, it has begun to end; with [AndWait] it returns when the pod is gone. What the
// object owns is deleted after it, unless [Propagation] says otherwise.
func (c *Client) Delete(ctx context.Context, obj Object, opts ...DeleteOption) error {
	o := deleteOptions{propagation: metav1.DeletePropagationBackground}
	for _, opt := range opts {
		opt(&o)
	}
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return doing("delete", k, obj, err)
	}
	ref := reference{kind: k, namespace: c.namespaceOf(k, obj.GetNamespace()), name: obj.GetName()}
	list, err := o.listOf(c, k)
	var answer runtime.Object
	if err == nil {
		answer, err = c.delete(ctx, ref, obj.GetUID(), o)
	}
	switch {
	case o.ignore && apierrors.IsNotFound(err):
		return nil
	case err != nil:
		return failed("delete", k, ref.namespace, ref.name, err)
	case o.wait:
		return c.untilGone(ctx, ref.scope(), list, ref.String(), answer)
	}
	return nil
}

// listOf returns an empty list for a watch of what is deleted, where there will be one: it is too late to refuse afterwards.
func (o deleteOptions) listOf(c *Client, k kind) (runtime.Object, error) {
	if !o.wait {
		return nil, nil
	}
	return c.newListOf(k)
}

// DeleteAll asks for the end of all the objects that the options choose, in one request. list, a pointer to a list type
// such as corev1.PodList, only says which kind; it is not changed. As with [Client.Delete], they have only begun to end
// when it returns, unless [AndWait] is given; one that loses the labels while it ends counts as gone then.
//
// A selector that is empty chooses everything, which is how namespaces are wiped by accident. So the options must
// choose something, by labels or fields; without a choice, and with an empty one, DeleteAll asks for none and returns an error. Who means everything says so
// with Selecting(selector.All()). selector.Nothing deletes nothing. Like the API, it knows no [AllNamespaces].
func (c *Client) DeleteAll(ctx context.Context, list runtime.Object, opts ...DeleteAllOption) error {
	o := deleteAllOptions{deleteOptions: deleteOptions{propagation: metav1.DeletePropagationBackground}}
	for _, opt := range opts {
		opt.applyToDeleteAll(&o)
	}
	k, err := c.itemKindOf(ctx, list)
	if err != nil {
		return doing("delete", k, list, err)
	}
	var answer runtime.Object
	s, err := c.scopeOfOptions(k, o.listOptions)
	if err == nil {
		answer, err = c.deleteAll(ctx, s, o.deleteOptions)
	}
	switch {
	case err != nil:
		return s.failed("delete all", err)
	case o.wait:
		return c.untilGone(ctx, s, list, s.String(), answer)
	}
	return nil
}

func (c *Client) deleteAll(ctx context.Context, s scope, o deleteOptions) (runtime.Object, error) {
	switch {
	case s.nothing:
		return nil, nil
	case s.namespaced && s.namespace == "":
		return nil, errors.New("this works in one namespace only: give In instead of AllNamespaces")
	case s.labels == "" && s.fields == "" && !s.everything:
		return nil, errors.New("the selector is empty and chooses everything: if that is meant, give Selecting(selector.All())")
	}
	r, err := c.request(http.MethodDelete, s.kind)
	if err != nil {
		return nil, err
	}
	return o.send(ctx, s.address(r), metav1.DeleteOptions{})
}

func (c *Client) delete(ctx context.Context, ref reference, uid types.UID, o deleteOptions) (runtime.Object, error) {
	if err := named(ref.name); err != nil {
		return nil, err
	}
	var body metav1.DeleteOptions
	if uid != "" {
		body.Preconditions = &metav1.Preconditions{UID: &uid}
	}
	r, err := c.request(http.MethodDelete, ref.kind)
	if err != nil {
		return nil, err
	}
	return o.send(ctx, r.NamespaceIfScoped(ref.namespace, ref.namespaced).Name(ref.name), body)
}

// send makes the request with a body that says what is in o too. The answer is nil where nobody wants to know.
func (o deleteOptions) send(ctx context.Context, r *rest.Request, body metav1.DeleteOptions) (runtime.Object, error) {
	body.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "DeleteOptions"}
	body.PropagationPolicy = &o.propagation
	if o.grace != nil {
		body.GracePeriodSeconds = new(int64((max(*o.grace, 0) + time.Second - 1) / time.Second))
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	result := r.SetHeader("Content-Type", runtime.ContentTypeJSON).Body(data).Do(ctx)
	if err := result.Error(); err != nil || !o.wait {
		return nil, err
	}
	answer, err := result.Get()
	if err != nil {
		return nil, nil // what it says is a convenience
	}
	return answer, nil
}
