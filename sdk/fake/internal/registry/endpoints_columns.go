package registry

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var endpointsColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Endpoints", Type: "string", Description: corev1.Endpoints{}.SwaggerDoc()["subsets"]},
	ageColumn,
}

func endpointsCells(obj store.Object) []any {
	e := obj.(*corev1.Endpoints)
	var places []string
	for _, s := range e.Subsets {
		places = append(places, subsetPlaces(s)...)
	}
	cell := firstThree(places)
	if len(e.Subsets) == 0 {
		cell = cellNone
	}
	return []any{e.Name, cell, age(e)}
}

// subsetPlaces are the addresses of a subset, with each of its ports if it has any.
func subsetPlaces(s corev1.EndpointSubset) []string {
	var places []string
	if len(s.Ports) == 0 {
		for _, a := range s.Addresses {
			places = append(places, a.IP)
		}
	}
	for _, p := range s.Ports {
		for _, a := range s.Addresses {
			places = append(places, net.JoinHostPort(a.IP, strconv.Itoa(int(p.Port))))
		}
	}
	return places
}

// shown is how many of a long list a cell has room for.
const shown = 3

// firstThree lists the first few, and says how many more there are.
func firstThree(list []string) string {
	if len(list) <= shown {
		return strings.Join(list, ",")
	}
	return fmt.Sprintf("%s + %d more...", strings.Join(list[:shown], ","), len(list)-shown)
}
