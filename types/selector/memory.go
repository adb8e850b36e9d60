package selector

import "strings"

// manyParts is for how many requirements or values there is memory before the text proves to be a selector.
const manyParts = 1024

// room is how many requirements text has, and how many values those have that list them, if it is well-formed.
func room(text string) (requirements, values int) {
	requirements = 1 + strings.Count(text, ",")
	for {
		from := strings.IndexByte(text, '(')
		if from < 0 {
			return requirements, values
		}
		text = text[from:]
		to := strings.IndexByte(text, ')')
		if to < 0 {
			return requirements, values
		}
		n := strings.Count(text[:to], ",")
		requirements, values = requirements-n, values+n+1
		text = text[to:]
	}
}

// newProgram has room for so many requirements and listed values, in one piece of memory if they are few.
func newProgram(n, values int) (*program, []string) {
	switch {
	case n <= 1 && values == 0:
		m := new(struct {
			program
			room [1]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 2 && values == 0:
		m := new(struct {
			program
			room [2]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 3 && values == 0:
		m := new(struct {
			program
			room [3]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 4 && values == 0:
		m := new(struct {
			program
			room [4]Requirement
		})
		m.requirements = m.room[:0]
		return &m.program, nil
	case n <= 1 && values <= 4:
		m := new(struct {
			program
			room   [1]Requirement
			values [4]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	case n <= 2 && values <= 5:
		m := new(struct {
			program
			room   [2]Requirement
			values [5]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	case n <= 4 && values <= 2:
		m := new(struct {
			program
			room   [4]Requirement
			values [2]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	case n <= 4 && values <= 6:
		m := new(struct {
			program
			room   [4]Requirement
			values [6]string
		})
		m.requirements = m.room[:0]
		return &m.program, m.values[:0]
	}
	return &program{requirements: make([]Requirement, 0, n)}, make([]string, 0, values)
}

// add appends a zero Requirement, for which there must be room.
func (p *program) add() *Requirement {
	n := len(p.requirements)
	p.requirements = p.requirements[:n+1]
	return &p.requirements[n]
}
