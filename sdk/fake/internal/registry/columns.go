package registry

import (
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
)

// What a cell says where there is nothing to show.
const (
	cellNone    = "<none>"
	cellUnknown = "<unknown>"
)

// wide is the priority of the columns that only kubectl get -o wide shows.
const wide = 1

var metaDoc = metav1.ObjectMeta{}.SwaggerDoc()

// DefaultColumns head the table of a kind whose row names no columns, as the API server's default table convertor does.
var DefaultColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Created At", Type: "date", Description: metaDoc["creationTimestamp"]},
}

// DefaultCells fill [DefaultColumns]: the creation time as it is, not as an age.
func DefaultCells(obj store.Object) []any {
	return []any{obj.GetName(), obj.GetCreationTimestamp().UTC().Format(time.RFC3339)}
}

// Columns and cells that most kinds share.
var (
	nameColumn = metav1.TableColumnDefinition{Name: "Name", Type: "string", Format: "name", Description: metaDoc["name"]}
	ageColumn  = metav1.TableColumnDefinition{Name: "Age", Type: "string", Description: metaDoc["creationTimestamp"]}

	containersColumn = metav1.TableColumnDefinition{Name: "Containers", Type: "string", Priority: wide, Description: "The template's containers by name."}
	imagesColumn     = metav1.TableColumnDefinition{Name: "Images", Type: "string", Priority: wide, Description: "What the template's containers run."}
)

func age(obj store.Object) string { return since(obj.GetCreationTimestamp().Time) }

// since is how long ago t was, as kubectl words it.
func since(t time.Time) string {
	if t.IsZero() {
		return cellUnknown
	}
	return duration.HumanDuration(time.Since(t))
}

// orElse is s, or what to show in place of an empty s.
func orElse(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

// joined lists values with commas, and none as <none>.
func joined(values []string) string { return orElse(strings.Join(values, ","), cellNone) }
