package registry

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// TestColumnsAreThoseOfARealServer holds every row's columns, descriptions aside, against recorded tables.
func TestColumnsAreThoseOfARealServer(t *testing.T) {
	var recorded map[string][]metav1.TableColumnDefinition
	readTestdata(t, "columns.json", &recorded)
	columns := map[string][]metav1.TableColumnDefinition{"replicationcontrollers/scale": Scales.Columns}
	for _, r := range Core {
		columns[r.Name] = r.Columns
	}
	for name, want := range recorded {
		t.Run(name, func(t *testing.T) {
			got := make([]metav1.TableColumnDefinition, len(columns[name]))
			for i, c := range columns[name] {
				if c.Description == "" {
					t.Errorf("column %s has no description", c.Name)
				}
				c.Description = ""
				got[i] = c
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
		})
	}
}

// anyAge stands in recorded cells for what depends on the time of the recording.
const anyAge = "AGE"

// TestCellsOfRecordedObjects holds cells against what a real cluster showed of the same objects.
func TestCellsOfRecordedObjects(t *testing.T) {
	var recorded []struct {
		Resource string
		Object   json.RawMessage
		Cells    []any
	}
	readTestdata(t, "recorded.json", &recorded)
	table := NewTable(Core...)
	for _, rec := range recorded {
		row := table.Lookup(schema.GroupVersionResource{Version: "v1", Resource: rec.Resource})
		obj := row.New()
		if err := json.Unmarshal(rec.Object, obj); err != nil {
			t.Fatalf("decode a recorded %s: %v", rec.Resource, err)
		}
		t.Run(rec.Resource+"/"+obj.GetName(), func(t *testing.T) {
			got := throughJSON(t, row.Cells(obj))
			for i := range rec.Cells {
				if rec.Cells[i] == anyAge && i < len(got) {
					got[i] = anyAge
				}
			}
			if diff := cmp.Diff(rec.Cells, got); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryRowFillsEveryColumn(t *testing.T) {
	for _, r := range slices.Concat(Core, Grouped) {
		if got, want := len(r.TableCells(r.New())), len(r.TableColumns()); got != want {
			t.Errorf("an empty %s has %d cells, want one for each of %d columns", r.Kind, got, want)
		}
	}
}

func TestDefaultCellsShowTheCreationTime(t *testing.T) {
	created := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	got := DefaultCells(&corev1.Endpoints{ObjectMeta: metav1.ObjectMeta{Name: "e", CreationTimestamp: metav1.NewTime(created)}})
	if diff := cmp.Diff([]any{"e", "2026-01-02T02:04:05Z"}, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if len(got) != len(DefaultColumns) {
		t.Errorf("%d cells for %d columns", len(got), len(DefaultColumns))
	}
}

func TestAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			name    string
			created time.Time
			want    string
		}{
			{"never created is unknown", time.Time{}, "<unknown>"},
			{"now is zero seconds", time.Now(), "0s"},
			{"seconds stand alone", time.Now().Add(-7 * time.Second), "7s"},
			{"few minutes have seconds", time.Now().Add(-267 * time.Second), "4m27s"},
			{"a month is days", time.Now().Add(-30 * 24 * time.Hour), "30d"},
		} {
			if got := age(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{CreationTimestamp: metav1.NewTime(tt.created)}}); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

func readTestdata(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
}

// throughJSON gives cells the types they have on the wire.
func throughJSON(t *testing.T, cells []any) []any {
	t.Helper()
	data, err := json.Marshal(cells)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
