"""The design system: page frame, components, formats, front-end parts, error pages, language and theme.

It owns how things look and read. It never knows what a dataset, a case or an indicator is: capabilities
hand it plain values and declare their places in the navigation.
"""
