package types

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// mounts is ValidateVolumeMounts. Sub-paths and propagation are reported at the list, as the server does.
func (c *podCheck) mounts(at *field.Path, container *corev1.Container) {
	paths, deviceNames, devicePaths := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, d := range container.VolumeDevices {
		deviceNames[d.Name], devicePaths[d.DevicePath] = true, true
	}
	for i := range container.VolumeMounts {
		mount, one := &container.VolumeMounts[i], at.Index(i)
		volume, known := c.volumes[mount.Name]
		c.Present(one.Child("name"), mount.Name)
		if !known {
			c.Add(field.NotFound(one.Child("name"), mount.Name))
		}
		c.Present(one.Child("mountPath"), mount.MountPath)
		if paths[mount.MountPath] {
			c.Invalid(one.Child("mountPath"), mount.MountPath, "must be unique")
		}
		paths[mount.MountPath] = true
		if deviceNames[mount.Name] {
			c.Invalid(one.Child("name"), mount.Name, "must not already exist in volumeDevices")
		}
		if devicePaths[mount.MountPath] {
			c.Invalid(one.Child("mountPath"), mount.MountPath, "must not already exist as a path in volumeDevices")
		}
		if known && volume.Image != nil && mount.SubPathExpr != "" {
			c.Invalid(one.Child("subPathExpr"), mount.SubPathExpr, "not allowed in image volume sources")
		}
		c.subPaths(at, one, mount)
		if mount.MountPropagation != nil {
			c.propagation(at.Child("mountPropagation"), *mount.MountPropagation, container)
		}
		c.recursiveReadOnly(at.Child("recursiveReadOnly"), mount)
	}
}

func (c *podCheck) subPaths(at, one *field.Path, mount *corev1.VolumeMount) {
	if mount.SubPath != "" {
		c.descendingPath(at.Child("subPath"), mount.SubPath)
	}
	if mount.SubPathExpr == "" {
		return
	}
	if mount.SubPath != "" {
		c.Invalid(one.Child("subPathExpr"), mount.SubPathExpr, "subPathExpr and subPath are mutually exclusive")
	}
	c.descendingPath(at.Child("subPathExpr"), mount.SubPathExpr)
}

// propagation is validateMountPropagation.
func (c *podCheck) propagation(at *field.Path, mode corev1.MountPropagationMode, container *corev1.Container) {
	oneOf(&c.report, at, mode, corev1.MountPropagationBidirectional, corev1.MountPropagationHostToContainer, corev1.MountPropagationNone)
	sc := container.SecurityContext
	privileged := sc != nil && sc.Privileged != nil && *sc.Privileged
	if mode == corev1.MountPropagationBidirectional && !privileged {
		c.Forbidden(at, "Bidirectional mount propagation is available only to privileged containers")
	}
}

// recursiveReadOnly is validateMountRecursiveReadOnly.
func (c *podCheck) recursiveReadOnly(at *field.Path, mount *corev1.VolumeMount) {
	if mount.RecursiveReadOnly == nil || *mount.RecursiveReadOnly == corev1.RecursiveReadOnlyDisabled {
		return
	}
	if mode := *mount.RecursiveReadOnly; mode != corev1.RecursiveReadOnlyEnabled && mode != corev1.RecursiveReadOnlyIfPossible {
		oneOf(&c.report, at, mode, corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyEnabled, corev1.RecursiveReadOnlyIfPossible)
		return
	}
	if !mount.ReadOnly {
		c.Forbidden(at, "may only be specified when readOnly is true")
	}
	if mount.MountPropagation != nil && *mount.MountPropagation != corev1.MountPropagationNone {
		c.Forbidden(at, "may only be specified when mountPropagation is None or not specified")
	}
}

// devices is ValidateVolumeDevices.
func (c *podCheck) devices(at *field.Path, container *corev1.Container) {
	mountNames, mountPaths := map[string]bool{}, map[string]bool{}
	for _, m := range container.VolumeMounts {
		mountNames[m.Name], mountPaths[m.MountPath] = true, true
	}
	names, paths := map[string]bool{}, map[string]bool{}
	for i, d := range container.VolumeDevices {
		name, device := at.Index(i).Child("name"), at.Index(i).Child("devicePath")
		c.Present(name, d.Name)
		if names[d.Name] {
			c.Invalid(name, d.Name, "must be unique")
		}
		volume, known := c.volumes[d.Name]
		if known && volume.PersistentVolumeClaim == nil && volume.Ephemeral == nil {
			c.Invalid(name, d.Name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
		}
		if !known {
			c.Add(field.NotFound(name, d.Name))
		}
		c.Present(device, d.DevicePath)
		if paths[d.DevicePath] {
			c.Invalid(device, d.DevicePath, "must be unique")
		}
		if hasBackstep(d.DevicePath) {
			c.Invalid(device, d.DevicePath, "can not contain backsteps ('..')")
		} else {
			paths[d.DevicePath] = true
		}
		if mountNames[d.Name] {
			c.Invalid(name, d.Name, "must not already exist in volumeMounts")
		}
		if mountPaths[d.DevicePath] {
			c.Invalid(device, d.DevicePath, "must not already exist as a path in volumeMounts")
		}
		if d.Name != "" {
			names[d.Name] = true
		}
	}
}

func hasBackstep(p string) bool { return slices.Contains(strings.Split(p, "/"), "..") }

// noBackstep is validatePathNoBacksteps.
func (r *report) noBackstep(at *field.Path, p string) {
	if hasBackstep(p) {
		r.Invalid(at, p, "must not contain '..'")
	}
}

// descendingPath is validateLocalDescendingPath: relative, and never upwards.
func (r *report) descendingPath(at *field.Path, p string) {
	if path.IsAbs(p) {
		r.Invalid(at, p, relativePath)
	}
	r.noBackstep(at, p)
}

// localPath is ValidateLocalNonReservedPath: a descendingPath that does not start with two dots either.
func (r *report) localPath(at *field.Path, p string) {
	r.descendingPath(at, p)
	if strings.HasPrefix(p, "..") && !strings.HasPrefix(p, "../") {
		r.Invalid(at, p, "must not start with '..'")
	}
}
