package v1

import "k8s.io/apimachinery/pkg/runtime"

// DeepCopyObject returns a copy that shares no memory with b. It makes a Bakery a [runtime.Object].
func (b *Bakery) DeepCopyObject() runtime.Object { return b.DeepCopy() }

// DeepCopy returns a copy that shares no memory with b, nil of nil.
func (b *Bakery) DeepCopy() *Bakery {
	if b == nil {
		return nil
	}
	c := &Bakery{TypeMeta: b.TypeMeta, Status: b.Status}
	b.ObjectMeta.DeepCopyInto(&c.ObjectMeta)
	c.Spec = *b.Spec.DeepCopy()
	return c
}

// DeepCopy returns a copy that shares no memory with s, nil of nil.
func (s *BakerySpec) DeepCopy() *BakerySpec {
	if s == nil {
		return nil
	}
	c := *s
	c.Oven = *s.Oven.DeepCopy()
	c.Breads = append([]Bread(nil), s.Breads...)
	c.Stock = s.Stock.DeepCopy()
	c.Deliveries = clone(s.Deliveries)
	c.Shops = s.Shops.DeepCopy()
	s.Till.DeepCopyInto(&c.Till)
	return &c
}

// DeepCopy returns a copy that shares no memory with o, nil of nil.
func (o *Oven) DeepCopy() *Oven {
	if o == nil {
		return nil
	}
	c := *o
	c.Gas, c.Electric, c.Wood = clone(o.Gas), o.Electric.DeepCopy(), clone(o.Wood)
	return &c
}

// DeepCopy returns a copy that shares no memory with e, nil of nil.
func (e *ElectricOven) DeepCopy() *ElectricOven {
	if e == nil || e.Kilowatts == nil {
		return clone(e)
	}
	return &ElectricOven{Kilowatts: new(e.Kilowatts.DeepCopy())}
}

// clone copies what p points to, which must be without pointers of its own.
func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
