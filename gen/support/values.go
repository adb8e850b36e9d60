package support

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Grow returns a copy of list with room for n more items. For none it is list, so that adding nothing to nil leaves nil.
func Grow[T any](list []T, n int) []T {
	if n == 0 {
		return slices.Clip(list)
	}
	return append(make([]T, 0, len(list)+n), list...)
}

// Set returns a copy of m in which k is v.
func Set[M ~map[K]V, K comparable, V any](m M, k K, v V) M {
	c := make(M, len(m)+1)
	maps.Copy(c, m)
	c[k] = v
	return c
}

// Merge returns a copy of m with the entries of more, which win. If there are none it is m, so that adding nothing to nil
// leaves nil.
func Merge[M ~map[K]V, K comparable, V any](m, more M) M {
	if len(more) == 0 {
		return m
	}
	c := make(M, len(m)+len(more))
	maps.Copy(c, m)
	maps.Copy(c, more)
	return c
}

// Quantity reads text as [resource.ParseQuantity] does. What does not parse is a problem at path, and 0.
func Quantity(errs Problems, path, text string) (resource.Quantity, Problems) {
	q, err := resource.ParseQuantity(text)
	if err != nil {
		return resource.Quantity{}, errs.And(&field.Error{Type: field.ErrorTypeInvalid, Field: path, BadValue: text, Detail: err.Error()})
	}
	return q, errs
}

// SetQuantity is Set with the text of a quantity. What does not parse is a problem at path[k], and not set.
func SetQuantity[M ~map[K]resource.Quantity, K ~string](errs Problems, path string, m M, k K, text string) (M, Problems) {
	q, err := resource.ParseQuantity(text)
	if err != nil {
		return m, errs.And(&field.Error{Type: field.ErrorTypeInvalid, Field: fmt.Sprintf("%s[%s]", path, k), BadValue: text, Detail: err.Error()})
	}
	return Set(m, k, q), errs
}

// IntOrString is a number, or a text that stands for one: a port and its name, a count and a percentage.
type IntOrString interface{ ~int | ~int32 | ~string }

// IntOrStringOf returns the API's form of v: a text stays a text, even if it is all digits. A number that the API has no room
// for becomes the one nearest to it, which validation then refuses, instead of some other port.
func IntOrStringOf[T IntOrString](v T) intstr.IntOrString {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.String {
		return intstr.FromString(r.String())
	}
	return intstr.FromInt32(int32(min(max(r.Int(), math.MinInt32), math.MaxInt32)))
}

// IsNil reports whether v is nil, or a nil pointer: what a one-of field must not be given.
func IsNil(v any) bool {
	r := reflect.ValueOf(v)
	return !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil()
}

// Clone returns a deep copy of a value that has no builder. What unexported fields point to is shared, except a
// [resource.Quantity]'s, which arithmetic writes to.
func Clone[T any](v T) T {
	c, _ := clone(reflect.ValueOf(&v).Elem()).Interface().(T) // not ok for a nil interface only
	return c
}

func clone(v reflect.Value) reflect.Value {
	if q, ok := v.Interface().(resource.Quantity); ok {
		return reflect.ValueOf(q.DeepCopy())
	}
	c := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			p := reflect.New(v.Elem().Type())
			p.Elem().Set(clone(v.Elem()))
			if v.Kind() == reflect.Interface {
				p = p.Elem()
			}
			c.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				c.Index(i).Set(clone(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			c.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for k, e := range v.Seq2() {
				c.SetMapIndex(k, clone(e))
			}
		}
	case reflect.Struct:
		c.Set(v) // and with that what is unexported
		for i := range v.NumField() {
			if c.Field(i).CanSet() {
				c.Field(i).Set(clone(v.Field(i)))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			c.Index(i).Set(clone(v.Index(i)))
		}
	default:
		c.Set(v)
	}
	return c
}
