// The plan's sliders.
