package fake

import (
	"fmt"
	"io"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/draw"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
)

// DrawOption is a choice for one call of [Cluster.Draw].
type DrawOption func(*drawing)

// drawing is what to draw, and how.
type drawing struct {
	title     string
	namespace string
	compact   bool
	table     bool
	keys      []string
}

// DrawTitle is what stands above the picture. Default: the namespace, or "Cluster".
func DrawTitle(title string) DrawOption { return func(d *drawing) { d.title = title } }

// DrawNamespace leaves out what is in other namespaces. Default: those of all namespaces are drawn, and names outside of "default"
// have their namespace before them. Draw fails if there is no such namespace.
func DrawNamespace(name string) DrawOption { return func(d *drawing) { d.namespace = name } }

// DrawCompact leaves out the containers and volumes of pods.
func DrawCompact() DrawOption { return func(d *drawing) { d.compact = true } }

// DrawByLabel draws nothing but pods, ordered by the values of labels: by one, side by side; by two, in a table with a row for each value
// of the first and a column for each of the second. Without a key it is a heap of all pods, as one sees them who has no labels.
// Draw fails for three keys or more.
func DrawByLabel(keys ...string) DrawOption {
	return func(d *drawing) { d.table, d.keys = true, keys }
}

// Draw writes a picture of the cluster as the API shows it now, as SVG: nodes with their pods, in these containers, volumes and the lines
// of mounts, arrows from services to the pods that they select (broken if those are not ready), arrows of open port-forwards, the controllers
// that pods belong to, and the pod network. It is in light or dark colours as its viewer prefers, holds its texts for screen readers too, and
// is the same for the same objects.
//
// Of port-forwards by other clients than [Cluster.Client] the local port is not known, and the pod's only once it was used. The
// service "kubernetes" and the volumes with the tokens of service accounts are left out, and of a node's pods all beyond the 24th; its
// header says so.
//
// Draw may be called at any time, also of a closed cluster, which is what it was. The error says which option is wrong, or is the
// writer's.
func (c *Cluster) Draw(w io.Writer, opts ...DrawOption) error {
	d := &drawing{}
	for _, opt := range opts {
		opt(d)
	}
	if err := c.draw(w, d); err != nil {
		return fmt.Errorf("draw cluster: %w", err)
	}
	return nil
}

func (c *Cluster) draw(w io.Writer, d *drawing) error {
	if len(d.keys) > 2 {
		return fmt.Errorf("by labels %s: give two keys at most", strings.Join(d.keys, ", "))
	}
	if d.namespace != "" {
		if _, err := c.api.Get(registry.Namespaces, "", d.namespace); err != nil {
			return fmt.Errorf("%w: create it, or leave DrawNamespace out", err)
		}
	}
	if d.title == "" {
		d.title = "Cluster"
		if d.namespace != "" {
			d.title = "Namespace " + d.namespace
		}
	}
	if d.table {
		return draw.WriteTable(w, d.tableOf(c.drawnPods(d)))
	}
	return draw.Write(w, draw.Picture{
		Title: d.title, Network: "Pod network 10.244.0.0/16", Note: ": every pod reaches every other one by its IP",
		Nodes: c.drawNodes(d), Services: c.drawServices(d), Forwards: c.drawForwards(d),
	})
}
