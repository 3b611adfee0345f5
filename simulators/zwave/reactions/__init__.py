"""What a simulated node does about each command class: one small module a class, named as the codec is."""
