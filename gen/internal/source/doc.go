// Package source knows where in a YAML file what stands, so that what is wrong with a configuration can be told with its line.
//
// What people get wrong: only positions come from here, never values. Those are read from the same text by whatever library reads
// them as the configuration means them.
//
//	f, err := source.Read("labels.yaml", text, Vocabulary{})
//	err = f.ErrorAt("keys[0].name", errors.New("the name is taken")) // labels.yaml:3: the name is taken
package source
