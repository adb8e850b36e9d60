package registry

import (
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var endpointSliceColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "AddressType", Type: "string", Description: endpointSliceDoc["addressType"]},
	{Name: "Ports", Type: "string", Description: endpointSliceDoc["ports"]},
	{Name: "Endpoints", Type: "string", Description: endpointSliceDoc["endpoints"]},
	ageColumn,
}

var endpointSliceDoc = discoveryv1.EndpointSlice{}.SwaggerDoc()

func endpointSliceCells(obj store.Object) []any {
	s := obj.(*discoveryv1.EndpointSlice)
	var ports, addresses []string
	for _, p := range s.Ports {
		ports = append(ports, slicePort(p))
	}
	for _, e := range s.Endpoints {
		addresses = append(addresses, e.Addresses...)
	}
	return []any{s.Name, string(s.AddressType), orElse(firstThree(ports), cellUnset), orElse(firstThree(addresses), cellUnset), age(s)}
}

// slicePort is a port by number, else by name, else any port.
func slicePort(p discoveryv1.EndpointPort) string {
	if p.Port != nil {
		return strconv.Itoa(int(*p.Port))
	}
	return ptr.Deref(p.Name, "*")
}
