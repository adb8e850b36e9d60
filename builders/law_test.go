package builders_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	b "github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/types/selector"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Families of builders are grown from one another by random calls. Every builder is photographed when it is made. Then all that
// the caller still holds is scribbled over: arguments, what From copied, what Edit was given, what Build, Unchecked and Err
// returned. No photograph may look different afterwards. Photographs are text, since two objects that share memory are always equal.
func TestNoBuilderChangesAnother(t *testing.T) {
	main := []any{b.Pod, b.ReplicationController, b.Container}
	const families, siblings = 300, 20
	for seed := range uint64(families) {
		for i, start := range append(main, constructors[seed%uint64(len(constructors))]) {
			f := &family{r: rand.New(rand.NewPCG(seed, uint64(i))), repertoire: map[reflect.Type][]reflect.Method{}}
			k, _ := kindOf(reflect.TypeOf(start).Out(0))
			base := f.keep(f.grow(f.start(k, 2), 12))
			for range siblings {
				f.handOut(f.keep(f.grow(base, 3)))
			}
			for _, v := range f.handed {
				scribble(v)
			}
			for i, m := range f.members {
				if diff := cmp.Diff(m.photo, photo(m.builder)); diff != "" {
					t.Fatalf("family %d of %s: what its member %d, a %s, makes has changed (-then, +now):\n%s", seed, k.name, i, m.builder.Type(), diff)
				}
			}
		}
	}
}

// family are builders that may share memory, and what the caller may write to.
type family struct {
	r          *rand.Rand
	members    []member
	handed     []reflect.Value
	repertoire map[reflect.Type][]reflect.Method
}

type member struct {
	builder reflect.Value
	photo   string
}

func (f *family) chance(oneIn int) bool { return f.r.IntN(oneIn) == 0 }

func (f *family) keep(builder reflect.Value) reflect.Value {
	f.members = append(f.members, member{builder, photo(builder)})
	return builder
}

// handOut asks a builder for all that it gives to callers.
func (f *family) handOut(builder reflect.Value) {
	f.handed = append(f.handed, unchecked(builder), builder.MethodByName("Err").Call(nil)[0])
	if f.chance(8) { // validation is slow
		f.handed = append(f.handed, builder.MethodByName("Build").Call(nil)...)
	}
}

// start makes a builder by its constructor, or from what another has made.
func (f *family) start(k kind, depth int) reflect.Value {
	if f.chance(4) {
		obj := unchecked(f.grow(reflect.Zero(k.builder), 2))
		f.handed = append(f.handed, obj)
		return call(k.from, obj)
	}
	args := make([]reflect.Value, k.new.Type().NumIn())
	for i := range args {
		args[i] = f.arg(k.new.Type().In(i), depth)
	}
	return call(k.new, args...)
}

// grow calls n random methods of a builder.
func (f *family) grow(builder reflect.Value, n int) reflect.Value {
	for range n {
		builder = f.step(builder, 2)
	}
	return builder
}

// step calls one random method. A family knows only six of each type, so that relatives call the same.
func (f *family) step(builder reflect.Value, depth int) reflect.Value {
	t := builder.Type()
	known, ok := f.repertoire[t]
	if !ok {
		known = changers(t)
		f.r.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
		known = known[:min(len(known), 6)]
		f.repertoire[t] = known
	}
	m := known[f.r.IntN(len(known))]
	args := []reflect.Value{builder}
	for i := 1; i < m.Type.NumIn(); i++ {
		args = append(args, f.arg(m.Type.In(i), depth))
	}
	return call(m.Func, args...)
}

// texts has quantities and what is none, and one too big for an int64, which hides a pointer.
var texts = []string{"a", "b", "c", "1Gi", "250m", "100000E", "5O0m"}

// arg makes an argument of a type, and remembers it if the caller could write to it afterwards.
func (f *family) arg(t reflect.Type, depth int) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString(texts[f.r.IntN(len(texts))])
	case reflect.Int32, reflect.Int64:
		v.SetInt(f.r.Int64N(100))
	case reflect.Uint8:
		v.SetUint(f.r.Uint64N(100))
	case reflect.Bool:
		v.SetBool(f.chance(2))
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(f.arg(t.Key(), depth), f.arg(t.Elem(), depth))
		f.handed = append(f.handed, v)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, 0, 4)) // with room for an append that nobody should see
		for range f.r.IntN(3) {
			v.Set(reflect.Append(v, f.arg(t.Elem(), depth)))
		}
		f.handed = append(f.handed, v)
	case reflect.Func:
		return f.change(t, depth)
	case reflect.Interface:
		if f.chance(20) {
			return v
		}
		of := members(t)
		v.Set(f.part(of[f.r.IntN(len(of))], depth))
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return reflect.ValueOf(time.Unix(f.r.Int64N(1000), 0).UTC())
		}
		if t == reflect.TypeFor[selector.Selector]() {
			return reflect.ValueOf(selector.FromSet(f.arg(reflect.TypeFor[map[string]string](), depth).Interface().(map[string]string)))
		}
		k, _ := kindOf(t)
		return f.part(k, depth)
	default:
		panic("no argument is a " + t.String())
	}
	return v
}

// part is a builder to be given to another: one that some relative has been given already, or a new one.
func (f *family) part(k kind, depth int) reflect.Value {
	if i := f.r.IntN(len(f.members) + 1); i < len(f.members) && f.members[i].builder.Type() == k.builder {
		return f.members[i].builder
	}
	if depth == 0 {
		return reflect.Zero(k.builder)
	}
	part := f.step(f.start(k, depth-1), depth-1)
	if f.chance(4) {
		f.keep(part)
	}
	return part
}

// change is what With or Edit is given. Edit's takes over the memory of somebody else's object, and never forgets its own.
func (f *family) change(t reflect.Type, depth int) reflect.Value {
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		if t.NumOut() == 1 {
			return []reflect.Value{f.step(in[0], depth)}
		}
		for _, m := range f.members {
			if obj := unchecked(m.builder); obj.Type() == in[0].Type() && f.chance(2) {
				in[0].Elem().Set(obj.Elem())
				f.handed = append(f.handed, obj)
				break
			}
		}
		if f.chance(2) {
			scribble(in[0])
		}
		f.handed = append(f.handed, in[0])
		return nil
	})
}

// photo is all that a builder would make and complain of.
func photo(builder reflect.Value) string {
	js, err := json.Marshal(unchecked(builder).Interface())
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%s\n%v", js, builder.MethodByName("Err").Call(nil)[0])
}

// scribble writes over all that can be reached from v, also into the room behind a slice.
func scribble(v reflect.Value) {
	if v.CanAddr() {
		switch p := v.Addr().Interface().(type) {
		case *resource.Quantity:
			p.Add(resource.MustParse("7")) // in place, if its number is big
			return
		case *intstr.IntOrString:
			p.IntVal, p.StrVal = p.IntVal/2+1, "scribbled" // keeping the type, without which there is no text of it
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Interface:
		if e := v.Elem(); e.Kind() == reflect.Pointer {
			scribble(e)
		} else if v.CanSet() {
			v.SetZero()
		}
	case reflect.Struct:
		if strings.HasSuffix(v.Type().Name(), "Builder") {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				scribble(v.Field(i))
			}
		}
	case reflect.Slice:
		v = v.Slice(0, v.Cap())
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.Map:
		for k, e := range v.Seq2() {
			c := reflect.New(e.Type()).Elem()
			c.Set(e)
			scribble(c)
			v.SetMapIndex(k, c)
		}
		if v.Type().Key().Kind() == reflect.String && !v.IsNil() {
			v.SetMapIndex(reflect.ValueOf("scribbled").Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
		}
	case reflect.String:
		v.SetString("scribbled")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt((v.Int() + 1) % math.MaxInt32)
	case reflect.Uint8:
		v.SetUint(v.Uint() ^ 1)
	}
}
