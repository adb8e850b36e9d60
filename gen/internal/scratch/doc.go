// Package scratch gives tests of the generator a module to generate into, which is gone after them.
//
// What people get wrong: the module requires what this one requires, in the same versions, and this one by its folder. So nothing is
// ever downloaded, but what is not in go.mod cannot be imported either.
//
//	func TestMain(m *testing.M) { scratch.Main(m) }
//
//	dir := filepath.Join(scratch.Module(t), "bakery")
//	scratch.Put(t, dir, "types.go", []byte("package bakery\n"))
package scratch
