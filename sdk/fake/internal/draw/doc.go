// Package draw makes an SVG picture of a cluster, or of its pods by label, from a small model of what to show.
//
// The one thing people get wrong: a [Picture] is drawn in the order in which it is given. Who wants the same picture each time sorts
// what he takes from a cluster; nothing here is sorted, and nothing depends on a map, a clock or a font. Texts are measured by a
// table of glyph widths, the widest of the usual sans-serif fonts, and cut with an ellipsis where they do not fit; the whole
// is then in a <title>, which browsers show under the pointer.
//
//	draw.Write(w, draw.Picture{Title: "One pod", Nodes: []draw.Node{{Name: "minikube", Pods: []draw.Pod{{Name: "crane", State: "Running"}}}}})
//
// A picture is laid out as boxes within boxes and lines with right angles between them, all in whole pixels, and only then written: that
// no box covers another and that every text fits is so a property of the layout, which tests check without looking at pixels.
//
// Inside a node pods stand in columns. The gutter on the left of a column belongs to what leads to its pods (services and
// port-forwards, a lane each), the gutter on its right to the pod network. So lines cross lines, but never boxes.
package draw
