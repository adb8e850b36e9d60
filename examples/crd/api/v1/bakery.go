package v1

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Bakery is a place where bread is made.
type Bakery struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is what is wanted of the bakery.
	Spec BakerySpec `json:"spec"`
	// Status is what it has come to.
	// +optional
	Status BakeryStatus `json:"status,omitzero"`
}

// BakerySpec is what is wanted of a bakery.
type BakerySpec struct {
	// Oven is what the bakery bakes in.
	Oven Oven `json:"oven"`
	// Breads are what it offers.
	// +listType=map
	// +listMapKey=name
	// +k8s:minItems=1
	// +k8s:maxItems=20
	Breads []Bread `json:"breads"`
	// Stock is how much flour is kept, in grams: 500k is half a ton.
	Stock resource.Quantity `json:"stock"`
	// Deliveries is how often a day flour comes.
	// +optional
	// +default=1
	// +k8s:minimum=1
	// +k8s:maximum=8
	Deliveries *int32 `json:"deliveries,omitempty"`
	// Shops are the pods that it sells to. Left out, it sells to nobody.
	// +optional
	Shops *metav1.LabelSelector `json:"shops,omitempty"`
	// Till is the pod in which its program runs.
	Till corev1.PodTemplateSpec `json:"till"`
}

// Oven is heated by one source.
type Oven struct {
	OvenSource `json:",inline"`
	// Celsius is how hot it is kept.
	// +optional
	// +default=230
	// +k8s:minimum=100
	// +k8s:maximum=350
	Celsius int32 `json:"celsius,omitempty"`
}

// OvenSource is what heats an oven. Exactly one of its members is set.
// +union
type OvenSource struct {
	// Gas heats by burning gas.
	// +optional
	Gas *GasOven `json:"gas,omitempty"`
	// Electric heats by current.
	// +optional
	Electric *ElectricOven `json:"electric,omitempty"`
	// Wood heats by burning wood.
	// +optional
	Wood *WoodOven `json:"wood,omitempty"`
}

// GasOven burns gas.
type GasOven struct {
	// Burners is how many flames it has.
	// +k8s:minimum=1
	Burners int32 `json:"burners"`
}

// ElectricOven needs current.
type ElectricOven struct {
	// Kilowatts is how much it draws at most.
	// +optional
	// +default="11"
	Kilowatts *resource.Quantity `json:"kilowatts,omitempty"`
}

// WoodOven needs a chimney, and somebody who feeds it.
type WoodOven struct {
	// Wood is what it is fed with.
	// +optional
	// +default="Beech"
	Wood Wood `json:"wood,omitempty"`
}

// Wood is a kind of tree.
// +enum
type Wood string

// What ovens burn.
const (
	Beech Wood = "Beech"
	Oak   Wood = "Oak"
	Birch Wood = "Birch"
)

// Bread is something to sell.
type Bread struct {
	// Name is what customers ask for.
	// +k8s:maxLength=40
	Name string `json:"name"`
	// Flour is what it is made of.
	// +optional
	// +default=ref(Wheat)
	Flour Flour `json:"flour,omitempty"`
	// Sourdough tells whether it rises without yeast.
	// +optional
	Sourdough bool `json:"sourdough,omitempty"`
}

// Flour is ground grain.
// +enum
type Flour string

// What is ground.
const (
	Wheat Flour = "Wheat"
	Rye   Flour = "Rye"
	Spelt Flour = "Spelt"
)

// BakeryStatus is what a bakery has come to.
type BakeryStatus struct {
	// Open tells whether it sells.
	// +optional
	Open bool `json:"open,omitempty"`
}
