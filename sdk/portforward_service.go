package sdk

import (
	"context"
	"errors"
	"strconv"

	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var serviceKind = everyday[schema.GroupVersionKind{Version: "v1", Kind: "Service"}]

// plural reports whether a reference may mean another pod tomorrow.
func (r reference) plural() bool { return r.selected || r.kind != podKind }

// serviceSelector returns the selector by which a Service finds its pods.
func (c *Client) serviceSelector(ctx context.Context, ref reference) (string, error) {
	s, err := c.serviceOf(ctx, ref)
	if err != nil {
		return "", err
	}
	if len(s.Spec.Selector) == 0 {
		return "", errors.New("the Service has no selector, so it leads to no pod that is known; name a pod or a selector")
	}
	return selector.FromSet(s.Spec.Selector).Query()
}

// serviceOf returns the Service that a target is; nil if it is none.
func (c *Client) serviceOf(ctx context.Context, ref reference) (*corev1.Service, error) {
	if ref.kind != serviceKind {
		return nil, nil
	}
	var s corev1.Service
	if err := c.fetch(ctx, ref.kind, ref.namespace, ref.name, &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// targetPort returns what a port of a Service, by number or name, leads to in its pods, and whether there is such a port. A headless
// Service has no ports of its own: clients go to the pods' numbers. As kubectl's translateServicePortToTargetPort does.
func targetPort(s *corev1.Service, text string) (string, bool) {
	for _, p := range s.Spec.Ports {
		number := strconv.Itoa(int(p.Port))
		if text != number && (text != p.Name || text == "") || p.Protocol == corev1.ProtocolUDP || p.Protocol == corev1.ProtocolSCTP {
			continue
		}
		target := p.TargetPort.String()
		switch {
		case s.Spec.ClusterIP == corev1.ClusterIPNone && text == number:
			return number, true
		case target == "" || target == "0":
			return number, true
		}
		return target, true
	}
	return "", false
}
