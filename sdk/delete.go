package sdk

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Delete asks for the end of the object that obj names. Where obj has a UID, only that very object is
// meant: another that has taken its name is left alone and the answer is Conflict.
//
// A pod is not gone when Delete returns, it has begun to end; [Client.Wait] with [Deleted] waits
// for the rest. What the object owns is deleted after it, unless [Propagation] says otherwise.
func (c *Client) Delete(ctx context.Context, obj Object, opts ...DeleteOption) error {
	o := deleteOptions{propagation: metav1.DeletePropagationBackground}
	for _, opt := range opts {
		opt(&o)
	}
	k, err := c.kindOf(ctx, obj)
	if err != nil {
		return doing("delete", k, obj, err)
	}
	namespace := c.namespaceOf(k, obj.GetNamespace())
	err = c.delete(ctx, k, namespace, obj, o)
	if err == nil || o.ignore && apierrors.IsNotFound(err) {
		return nil
	}
	return failed("delete", k, namespace, obj.GetName(), err)
}

func (c *Client) delete(ctx context.Context, k kind, namespace string, obj Object, o deleteOptions) error {
	body := metav1.DeleteOptions{
		TypeMeta:          metav1.TypeMeta{APIVersion: "v1", Kind: "DeleteOptions"},
		PropagationPolicy: &o.propagation,
	}
	if o.grace != nil {
		body.GracePeriodSeconds = new(int64((max(*o.grace, 0) + time.Second - 1) / time.Second))
	}
	if uid := obj.GetUID(); uid != "" {
		body.Preconditions = &metav1.Preconditions{UID: &uid}
	}
	if err := named(obj.GetName()); err != nil {
		return err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := c.request(http.MethodDelete, k)
	if err != nil {
		return err
	}
	return r.NamespaceIfScoped(namespace, k.namespaced).Name(obj.GetName()).
		SetHeader("Content-Type", runtime.ContentTypeJSON).Body(data).Do(ctx).Error()
}
